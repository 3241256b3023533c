import { createSocket, type Socket as Datagrams } from "node:dgram";
import { createServer, type Server, type Socket } from "node:net";
import * as dns from "dns-packet";
import { answerTo, datagramSize } from "./answer";
import type { Zone } from "./zone";

/** Milliseconds that a connection may be idle: RFC 7766, section 6.2.3. */
const idle = 10_000;

/** A name server at one address, over UDP and TCP. */
export interface NameServer {
  port: number;
  close(): Promise<void>;
}

/** Port 0: any free one, the same for both. `zones` is asked at each question. */
export async function serveNames(address: string, port: number, zones: () => readonly Zone[]): Promise<NameServer> {
  const server = createServer((socket) => serveStream(socket, zones));
  const streams = new Set<Socket>();
  server.on("connection", (socket) => streams.add(socket.on("close", () => streams.delete(socket))));
  const bound = await listening(server, address, port);
  const datagrams = createSocket({ type: address.includes(":") ? "udp6" : "udp4" });
  datagrams.on("message", (message, from) => {
    const answer = answerTo(message, zones());
    if (answer !== undefined) datagrams.send(datagramOf(answer, datagramSize(message)), from.port, from.address);
  });
  await new Promise<void>((resolve, reject) => datagrams.once("error", reject).bind(bound, address, resolve));
  return { port: bound, close: () => closed(server, streams, datagrams) };
}

function listening(server: Server, address: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject).listen(port, address, () => {
      const bound = server.address();
      resolve(typeof bound === "object" && bound !== null ? bound.port : port);
    });
  });
}

async function closed(server: Server, streams: Set<Socket>, datagrams: Datagrams): Promise<void> {
  for (const stream of streams) stream.destroy();
  await new Promise<void>((resolve) => datagrams.close(resolve));
  await new Promise<void>((resolve) => server.close(() => resolve()));
}

/** What does not fit is asked for again over TCP. */
function datagramOf(answer: dns.Packet, size: number): Buffer {
  const whole = dns.encode(answer);
  if (whole.length <= size) return whole;
  return dns.encode({ ...answer, flags: (answer.flags ?? 0) | dns.TRUNCATED_RESPONSE, answers: [], authorities: [] });
}

/** Each message has its length in front: RFC 1035, section 4.2.2. */
function serveStream(socket: Socket, zones: () => readonly Zone[]): void {
  let waiting = Buffer.alloc(0);
  socket.setTimeout(idle, () => socket.destroy());
  socket.on("error", () => socket.destroy());
  socket.on("data", (piece: Buffer) => {
    waiting = Buffer.concat([waiting, piece]);
    while (waiting.length >= 2 && waiting.length >= 2 + waiting.readUInt16BE(0)) {
      const end = 2 + waiting.readUInt16BE(0);
      const answer = answerTo(waiting.subarray(2, end), zones());
      waiting = waiting.subarray(end);
      if (answer === undefined) return void socket.destroy();
      socket.write(dns.streamEncode(answer));
    }
  });
}
