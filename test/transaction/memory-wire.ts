import { EventEmitter } from "node:events";
import { Readable, Writable } from "node:stream";
import { NspawnError } from "../../provider/errors";
import { encodeSteps } from "../../provider/plan/encode";
import type { RawFacts } from "../../provider/observe/facts/facts";
import type { Program } from "../../provider/plan/program";
import { ready } from "../../provider/host/command";
import type { Call } from "../../provider/remote/call";
import type { Report } from "../../provider/remote/report";
import type { Target } from "../../provider/remote/target";
import type { RunningHost } from "./running-host";
import type { Sent } from "./memory-unit";

/** In the place of the archive of provider/remote/payload.ts: the same steps as lines, and no script. */
export function payload(program: Program, call: Call): Readable {
  const sent: Sent = { steps: encodeSteps(program.steps), texts: program.texts, call };
  return Readable.from([Buffer.from(JSON.stringify(sent))]);
}

/** In the place of provider/remote/raw-facts.ts. */
export function rawFacts({ results }: Report): RawFacts | undefined {
  const [texts, files] = [results.get("facts"), results.get("files")];
  if (texts === undefined || files === undefined) return undefined;
  const parsed = (body: Buffer): unknown => JSON.parse(body.toString("utf8"));
  const named = Object.entries(parsed(texts) as Record<string, string>);
  return { texts: new Map(named), files: new Map(parsed(files) as [string, never][]) };
}

/** A channel as ssh2 has it: writable, with what comes back as events. */
class Channel extends Writable {
  readonly stderr = new EventEmitter();
  private readonly chunks: Buffer[] = [];

  constructor(private readonly complete: (payload: string) => void) {
    super({ autoDestroy: false, emitClose: false });
  }
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.chunks.push(chunk);
    done();
  }
  override _final(done: () => void): void {
    this.complete(Buffer.concat(this.chunks).toString("utf8"));
    done();
  }
}

/** One TCP connection of a client's process. */
class Connection extends EventEmitter {
  open = true;
  /** What the host said while nothing came through. */
  private held: (() => void)[] = [];
  constructor(
    private readonly wire: MemoryWire,
    readonly process: string,
  ) {
    super();
  }

  exec(_command: string, opened: (error: undefined, channel: Channel) => void): void {
    const channel = new Channel((body) => this.wire.send(this, channel, JSON.parse(body) as Sent));
    opened(undefined, channel);
    // As soon as somebody listens.
    setImmediate(() => this.say(() => void channel.emit("data", Buffer.from(`\n${ready}\n`))));
  }

  say(deliver: () => void): void {
    if (!this.open || this.wire.isDead(this.process)) return;
    if (this.wire.host.carriesOpenConnections) deliver();
    else this.held.push(deliver);
  }

  flush(): void {
    if (this.wire.host.carriesOpenConnections) for (const deliver of this.held.splice(0)) deliver();
  }

  end(): void {
    if (!this.open) return;
    this.open = false;
    this.wire.forget(this);
    if (!this.wire.isDead(this.process)) this.emit("close");
  }
}

interface Dialling {
  process: string;
  deadline: number;
  resolve: (connection: Connection) => void;
  reject: (error: Error) => void;
}

/** Between clients and the host: what is on its way, who dials, and who does not exist any more. */
export class MemoryWire {
  /** Programs that were sent and have not arrived. */
  readonly underway: (() => void)[] = [];
  private connections: Connection[] = [];
  private dialling: Dialling[] = [];
  private readonly dead = new Set<string>();
  private readonly stranded: ((error: Error) => void)[] = [];
  /** Tokens that each process sent. */
  readonly sent = new Map<string, string[]>();

  constructor(readonly host: RunningHost) {
    host.onCrash = () => {
      this.underway.length = 0;
      for (const connection of [...this.connections]) connection.end();
    };
  }

  isDead(process: string): boolean {
    return this.dead.has(process);
  }

  /** A client's process is killed: what it sent is on its way, and it hears nothing any more. */
  kill(process: string): void {
    this.dead.add(process);
    for (const connection of this.connections.filter((each) => each.process === process)) connection.end();
    this.stranded.push(...this.dialling.filter((each) => each.process === process).map(({ reject }) => reject));
    this.dialling = this.dialling.filter((each) => each.process !== process);
  }

  /** After everything: what dead processes wait for ends too, or the test would wait with them. */
  end(): void {
    for (const reject of this.stranded.splice(0)) reject(new NspawnError("NSPAWN_UNREACHABLE", "a dead process"));
  }

  dial(target: Target, patience: { seconds: number }): Promise<Connection> {
    const process = target.agentSocketPath ?? "";
    return new Promise((resolve, reject) => {
      if (this.isDead(process)) return void this.stranded.push(reject);
      this.dialling.push({ process, deadline: this.host.now + patience.seconds, resolve, reject });
      this.settle();
    });
  }

  /** What follows from how the network is now. */
  settle(): void {
    if (this.host.admitsNewcomers) {
      for (const { process, resolve } of this.dialling.splice(0)) resolve(this.connected(process));
    }
    const late = this.dialling.filter(({ deadline }) => deadline <= this.host.now);
    this.dialling = this.dialling.filter((each) => !late.includes(each));
    for (const { reject } of late) reject(new NspawnError("NSPAWN_UNREACHABLE", "cannot reach SSH"));
    for (const connection of this.connections) connection.flush();
    this.endSilentOnes();
  }

  /** Keepalive: a connection through which nothing came for 15 s is given up by both ends. */
  private endSilentOnes(): void {
    const { host } = this;
    host.cutSince = host.carriesOpenConnections ? undefined : (host.cutSince ?? host.now);
    if (host.cutSince === undefined || host.now - host.cutSince < 15) return;
    for (const connection of [...this.connections]) connection.end();
  }

  private connected(process: string): Connection {
    const connection = new Connection(this, process);
    this.connections.push(connection);
    return connection;
  }

  forget(connection: Connection): void {
    this.connections = this.connections.filter((each) => each !== connection);
  }

  send(connection: Connection, channel: Channel, sent: Sent): void {
    this.sent.set(connection.process, [...(this.sent.get(connection.process) ?? []), sent.call.token]);
    const tell = (text: string): void => connection.say(() => void channel.emit("data", Buffer.from(text)));
    const closed = (): void => connection.say(() => void channel.emit("close"));
    this.underway.push(() => {
      if (this.host.up) this.host.start(sent, tell, closed);
    });
  }

  get dials(): boolean {
    return this.dialling.length > 0;
  }
}
