import type { Duplex } from "node:stream";
import type { Client } from "ssh2";

const MiB = 1024 * 1024;

/**
 * Bytes that may come beside what channels hand on: what is around data, keepalives, new keys, and what waits in a
 * channel whose other side is slow (2 MiB each, eight at once). ssh2 takes any number of all of them.
 */
const mostUnaccounted = 32 * MiB;
/** Bytes that may wait until the host takes them: 2 MiB for each channel, if the host allows no more than sshd does. */
const mostUnsent = 64 * MiB;
/** Bytes around a packet, and those of a host's consent for each that is sent to it, with room. */
const around = 128;
const consent = 1 / 256;

const milliseconds = 200;
/** Milliseconds after a polite end, within which a host may end the connection too. */
const grace = 5000;

/** Ends a connection on which a host sends what nobody asked for, or asks for answers that it does not take. */
class Watch {
  came = 0;
  accounted = 0;
  ended: string | undefined;

  constructor(
    readonly socket: Duplex,
    /** The connection to the jump host that this one goes through. */
    readonly outer: Watch | undefined,
  ) {}

  look(): void {
    if (this.came - this.accounted > mostUnaccounted)
      this.end(`it sent more than ${mostUnaccounted / MiB} MiB that nobody asked for`);
    if (this.socket.writableLength > mostUnsent)
      this.end(`it does not take what it asked for, and ${mostUnsent / MiB} MiB wait`);
    // Nothing is saved up: what is around small packets is less than what is allowed for it.
    this.accounted = Math.min(this.accounted, this.came);
  }

  end(why: string): void {
    this.ended ??= why;
    this.socket.destroy();
  }
}

const watches = new WeakMap<Client, Watch>();

/** Begins to watch, before the socket is given to the client. */
export function watch(client: Client, socket: Duplex, outer?: Client): void {
  const watched = new Watch(socket, outer && watches.get(outer));
  client.setMaxListeners(32); // each channel has one; ten and more are no leak
  watches.set(client, watched);
  socket.on("data", (chunk: Buffer) => {
    watched.came += chunk.length;
    if (watched.outer !== undefined) watched.outer.accounted += chunk.length + around;
  });
  const timer = setInterval(() => watched.look(), milliseconds).unref();
  client.once("close", () => clearInterval(timer));
}

/** A channel has handed on what the host sent. */
export function took(client: Client, bytes: number): void {
  const watched = watches.get(client);
  if (watched !== undefined) watched.accounted += bytes + around;
}

/** A channel has sent something to the host, which consents to more. */
export function gave(client: Client, bytes: number): void {
  for (let at = watches.get(client); at !== undefined; at = at.outer) at.accounted += bytes * consent + around;
}

/** Ends a connection at once. */
export function breakOff(client: Client, why: string): void {
  watches.get(client)?.end(why);
}

/** Why the connection was ended from this side. */
export function endedFor(client: Client): string | undefined {
  return watches.get(client)?.ended;
}

/** Ends a connection, whatever the host does. */
export function hangUp(client: Client): void {
  client.end();
  const socket = watches.get(client)?.socket;
  if (socket !== undefined) setTimeout(() => socket.destroy(), grace).unref();
}
