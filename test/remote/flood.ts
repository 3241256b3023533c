import type { ServerChannel } from "ssh2";

/** What of ssh2 a server has to reach into to do what no server does. */
interface Protocol {
  ping(): void;
  channelData(channel: number, data: Buffer): void;
  channelExtData(channel: number, data: Buffer, type: number): void;
  channelWindowAdjust(channel: number, bytes: number): void;
  requestFailure(): void;
  _packetRW: { write: { allocStart: number; alloc(size: number): Buffer; finalize(packet: Buffer): Buffer } };
  _cipher: { encrypt(packet: Buffer): void };
}
interface Insides {
  outgoing: { id: number };
  _client: { _protocol: Protocol; _sock: { pause(): void; writableLength: number; destroyed: boolean } };
}

const insides = (channel: ServerChannel): Insides => channel as unknown as Insides;
export const protocolOf = (channel: ServerChannel): Protocol => insides(channel)._client._protocol;
export const socketOf = (channel: ServerChannel): Insides["_client"]["_sock"] => insides(channel)._client._sock;
export const numberOf = (channel: ServerChannel): number => insides(channel).outgoing.id;

/** Sends any packet. */
export function sendPacket({ _packetRW, _cipher }: Protocol, content: Buffer): void {
  const packet = _packetRW.write.alloc(content.length);
  content.copy(packet, _packetRW.write.allocStart);
  _cipher.encrypt(_packetRW.write.finalize(packet));
}

const string = (bytes: Buffer | string): Buffer => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(Buffer.byteLength(bytes));
  return Buffer.concat([length, Buffer.from(bytes)]);
};

/** A request of no channel (RFC 4254, 4). */
export function globalRequest(name: string, data: Buffer, wantsReply: boolean): Buffer {
  return Buffer.concat([Buffer.of(80), string(name), Buffer.of(wantsReply ? 1 : 0), data]);
}

/** As many host keys as a packet holds; each makes the client ask for a proof. */
export function manyHostKeys(): Buffer {
  const keys = Array.from({ length: 500 }, (_, index) => {
    const key = Buffer.alloc(32);
    key.writeUInt32BE(index);
    return string(Buffer.concat([string("ssh-ed25519"), string(key)]));
  });
  return globalRequest("hostkeys-00@openssh.com", Buffer.concat(keys), false);
}

/** Sends as fast as the socket takes it, whatever the client says; until the connection is gone, or `most` bytes are sent. */
export function flood(channel: ServerChannel, send: () => void, bytes: number, most = 4e9): { sent: number } {
  const flooded = { sent: 0 };
  const socket = socketOf(channel);
  const turn = (): void => {
    for (let count = 0; count < 500 && socket.writableLength < 4_000_000; count += 1) {
      if (socket.destroyed || flooded.sent >= most) return;
      send();
      flooded.sent += bytes;
    }
    setTimeout(turn, 1).unref();
  };
  turn();
  return flooded;
}

/** Writes a text again and again, as the client lets it. */
export function repeat(channel: ServerChannel, text: string | Buffer): void {
  channel.resume();
  const piece = Buffer.concat(Array<Buffer>(Math.ceil(60_000 / text.length)).fill(Buffer.from(text)));
  const next = (error?: Error | null): void => void (error ?? channel.write(piece, next));
  next();
}

/** The most memory of this process above what it has now, in megabytes. */
export function memory(): { stop(): number } {
  const before = process.memoryUsage.rss();
  let most = before;
  const look = (): void => void (most = Math.max(most, process.memoryUsage.rss()));
  const timer = setInterval(look, 20);
  return {
    stop: () => {
      look();
      clearInterval(timer);
      return (most - before) / 1e6;
    },
  };
}
