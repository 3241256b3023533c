import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";

/** What a proxy does with a piece on its way to the client. */
type Pass = (piece: Buffer, client: Socket, passed: number) => void;

/** A TCP proxy before an SSH server: it sees every byte, and decides what the client gets to see. */
export class TcpProxy {
  /** What the clients sent. */
  sent: Buffer[] = [];
  /** Bytes of the server that went through. */
  passed = 0;
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  static async before(port: number, pass: Pass = (piece, client) => void client.write(piece)): Promise<TcpProxy> {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const proxy = new TcpProxy(server, (server.address() as AddressInfo).port);
    server.on("connection", (client) => proxy.join(client, connect(port, "127.0.0.1"), pass));
    return proxy;
  }

  private join(client: Socket, behind: Socket, pass: Pass): void {
    for (const socket of [client, behind]) {
      this.sockets.add(socket.setNoDelay(true));
      socket.on("error", () => undefined);
      socket.on("close", () => this.sockets.delete(socket));
    }
    client.on("data", (piece) => (this.sent.push(piece), behind.write(piece)));
    behind.on("data", (piece) => {
      pass(piece, client, this.passed);
      this.passed += piece.length;
    });
    client.on("close", () => behind.destroy());
    behind.on("close", () => client.end());
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, "close");
  }
}

/** Numbers of the messages that a side sent before encryption began (RFC 4253, 12), and how many bytes came after. */
export function plainMessages(sent: Buffer): { numbers: number[]; encrypted: number } {
  let at = sent.indexOf("\r\n") + 2;
  const numbers: number[] = [];
  // After its own NEWKEYS a side that has not had the other's may still say goodbye in plain text.
  const isPlain = (): boolean => numbers.at(-1) !== newKeys || isDisconnect(sent.subarray(at));
  while (at + 6 <= sent.length && isPlain()) {
    numbers.push(sent[at + 5] ?? 0);
    at += 4 + sent.readUInt32BE(at);
  }
  return { numbers, encrypted: sent.length - at };
}

/** Whether bytes are one whole message of the number 1, which says a reason and nothing else. */
function isDisconnect(rest: Buffer): boolean {
  return rest[5] === 1 && rest.length === 4 + rest.readUInt32BE(0);
}

const newKeys = 21;
