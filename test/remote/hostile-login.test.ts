import { once } from "node:events";
import { createServer, type AddressInfo, type Server as TcpServer, type Socket } from "node:net";
import { Server, type Connection } from "ssh2";
import { ed25519Pair } from "../../provider/handlers/ed25519-pair";
import { Session } from "../../provider/remote/session";
import { memory, sendPacket } from "./flood";
import { unpinned } from "../support/ssh-server";

jest.setTimeout(60_000);

const servers: { close(): unknown }[] = [];
const sockets = new Set<Socket>();
afterEach(() => {
  for (const socket of sockets) socket.destroy();
  for (const server of servers.splice(0)) server.close();
});

async function listening(server: TcpServer | Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  servers.push(server);
  return (server.address() as AddressInfo).port;
}

/** Why a login fails, within its two seconds; and the memory that it took, in megabytes. */
async function refusal(port: number): Promise<{ code: string; message: string; megabytes: number }> {
  const session = new Session({ ...unpinned(port), perDialTimeout: 2 });
  const used = memory();
  const { code, message } = await session.open({ patience: 0 }).then(
    () => ({ code: "none", message: "" }),
    (error: { code: string; message: string }) => error,
  );
  await session.close();
  return { code, message, megabytes: used.stop() };
}

/** Writes a piece again and again as long as somebody takes it. */
function pour(socket: Socket, piece: Buffer): void {
  sockets.add(socket);
  socket.on("error", () => undefined);
  const next = (error?: Error | null): void => void (error ?? (socket.destroyed || socket.write(piece, next)));
  next();
}

describe("before its version, a server", () => {
  it.each([
    ["greets without end", Buffer.from(`${"hello ".repeat(100)}\n`.repeat(100))],
    ["writes a line without end", Buffer.alloc(60_000, "x")],
    ["has a version without end", Buffer.from(`SSH-2.0-${"x".repeat(60_000)}`)],
    ["writes nothing but line breaks", Buffer.alloc(60_000, "\n")],
    ["writes noise", Buffer.alloc(60_000, "\u001b\0\r\n")],
  ])("%s", async (_what, piece) => {
    const port = await listening(createServer((socket) => pour(socket, piece)));
    const { code, message, megabytes } = await refusal(port);
    expect(code).toBe("NSPAWN_UNREACHABLE");
    expect(message).not.toMatch(/[\x00-\x1f]/);
    expect(megabytes).toBeLessThan(200);
  });
});

/** An SSH server that does something of its own as soon as somebody wants to log in. */
async function impolite(act: (connection: Connection) => void): Promise<number> {
  const server = new Server({ hostKeys: [ed25519Pair().privateKey] }, (connection) => {
    sockets.add((connection as unknown as { _sock: Socket })._sock);
    connection.on("error", () => undefined);
    connection.once("authentication", () => act(connection));
  });
  return listening(server);
}

const protocolOf = (connection: Connection): Parameters<typeof sendPacket>[0] =>
  (connection as unknown as { _protocol: Parameters<typeof sendPacket>[0] })._protocol;

const string = (text: string): Buffer => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(Buffer.byteLength(text));
  return Buffer.concat([length, Buffer.from(text)]);
};

function endlessly(connection: Connection, packet: Buffer): void {
  const { _sock: socket } = connection as unknown as { _sock: Socket };
  const turn = (): void => {
    for (let count = 0; count < 200 && socket.writableLength < 4e6; count += 1) {
      if (socket.destroyed) return;
      sendPacket(protocolOf(connection), packet);
    }
    setTimeout(turn, 1).unref();
  };
  turn();
}

describe("before the login, a server", () => {
  it.each([
    ["shows banners without end", Buffer.concat([Buffer.of(53), string("x".repeat(30_000)), string("")])],
    [
      "asks questions without end",
      Buffer.concat([Buffer.of(60), string("x"), string("y".repeat(20_000)), string(""), Buffer.of(0, 0, 0, 0)]),
    ],
    ["sends packets to be ignored without end", Buffer.concat([Buffer.of(2), string("x".repeat(30_000))])],
    ["sends messages that do not exist", Buffer.concat([Buffer.of(199), Buffer.alloc(30_000)])],
    [
      "opens channels without end",
      Buffer.concat([Buffer.of(90), string("x11"), Buffer.alloc(12), string("a"), Buffer.alloc(4)]),
    ],
  ])("%s", async (_what, packet) => {
    const { code, megabytes } = await refusal(await impolite((connection) => endlessly(connection, packet)));
    expect(["NSPAWN_UNREACHABLE", "NSPAWN_LOGIN", "NSPAWN_ALGORITHMS"]).toContain(code);
    expect(megabytes).toBeLessThan(200);
  });

  it("says goodbye in escapes, and at length", async () => {
    const goodbye = `\u001b[2J\u202e\r\n${"x".repeat(20_000)}`;
    const packet = Buffer.concat([Buffer.of(1, 0, 0, 0, 2), string(goodbye), string("")]);
    const { code, message } = await refusal(await impolite((connection) => sendPacket(protocolOf(connection), packet)));
    expect(code).toBe("NSPAWN_UNREACHABLE");
    expect(message).toContain("\\u{1b}[2J\\u{202e}\\r\\nxxx");
    expect(message.length).toBeLessThan(700);
  });

  it("ends in the middle of a packet", async () => {
    const port = await impolite((connection) => {
      const { _sock: socket } = connection as unknown as { _sock: Socket };
      socket.end(Buffer.alloc(7, "x"));
    });
    expect(["NSPAWN_UNREACHABLE", "NSPAWN_HOST_KEY"]).toContain((await refusal(port)).code);
  });
});
