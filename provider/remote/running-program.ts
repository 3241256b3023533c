import type { Client, ClientChannel } from "ssh2";
import { NspawnError } from "../errors";
import { Newest } from "./newest";
import { payload } from "./payload";
import { ReportParser, type Listener, type Report } from "./report";
import { reportLimits } from "./report-limits";
import type { Run } from "./run";
import { endedFor, gave, took } from "./ssh/watch";
import { StandardError } from "./standard-error";

/** Where the outcome goes. */
export interface Settled {
  resolve: (report: Report) => void;
  reject: (error: unknown) => void;
}

/**
 * A channel while a program runs on it. Settles on its end, on loss, on a report that is not ours and at the deadline,
 * whatever comes first, and never waits for the host to agree. What the host sends after that is dropped; when it goes on,
 * the watch over the connection ends it.
 */
export class RunningProgram {
  private readonly progress: Newest<string>;
  private readonly parser: ReportParser;
  private readonly stderr = new StandardError();
  private readonly timer: NodeJS.Timeout;
  private open = true;

  constructor(
    private readonly client: Client,
    private readonly channel: ClientChannel,
    private readonly run: Run,
    private readonly settled: Settled,
  ) {
    this.progress = new Newest(run.progress);
    this.parser = new ReportParser(this.listener());
    this.timer = setTimeout(() => this.overdue(), this.seconds * 1000);
    channel.on("data", (chunk: Buffer) => this.came(chunk, () => this.parser.push(chunk)));
    channel.stderr.on("data", (chunk: Buffer) => this.came(chunk, () => this.complained(chunk)));
    channel.on("close", this.closed);
    channel.on("error", () => undefined); // 'close' follows
    client.once("close", this.closed);
    // Without the other side there is nothing left to do.
    run.flow?.output?.once("close", this.leave);
  }

  /** @param report what has come of it already */
  begin(report: Buffer): void {
    this.send();
    this.came(report, () => this.parser.push(report));
  }

  private send(): void {
    const { client, channel, run } = this;
    const input = run.flow?.input;
    const body = payload(run.program, run.call, input);
    // Input that broke off must not look like its end: the channel goes, and the program with it.
    body.on("error", (error) => {
      this.settle(() => this.settled.reject(error));
      channel.destroy();
    });
    // The body hears of it when it is read again, and a host need not read.
    input?.once("close", () => input.readableEnded || body.destroy(new Error("what it reads broke off")));
    body.on("data", (chunk: Buffer) => gave(client, chunk.length));
    body.pipe(channel);
  }

  private get seconds(): number {
    const { program, call } = this.run;
    return program.deadline + (program.confirm === undefined ? 0 : call.window);
  }

  private listener(): Partial<Listener> {
    const progress = (text: string): void => this.progress.push(text);
    const { confirm, flow } = this.run;
    return { progress, confirm, ...(flow?.output === undefined ? {} : { data: (piece) => this.passOn(piece) }) };
  }

  private settle(outcome: () => void): void {
    if (!this.open) return;
    this.open = false;
    clearTimeout(this.timer);
    this.client.removeListener("close", this.closed);
    this.run.flow?.output?.removeListener("close", this.leave);
    this.progress.end();
    outcome();
  }

  private came(chunk: Buffer, take: () => void): void {
    if (!this.open) return;
    took(this.client, chunk.length);
    take();
    if (this.parser.refused !== undefined) this.leave();
  }

  private complained(chunk: Buffer): void {
    const most = reportLimits.standardError;
    this.stderr.push(chunk);
    if (this.stderr.bytes > most) this.parser.refuse(`more than ${most} bytes came on its standard error`);
  }

  private readonly closed = (): void => {
    const ended = endedFor(this.client);
    if (ended !== undefined) this.parser.refuse(ended);
    this.settle(() => this.settled.resolve(this.parser.finish(this.run.login.host, this.stderr.newest)));
  };

  private readonly leave = (): void => {
    this.closed();
    this.channel.destroy();
  };

  private overdue(): void {
    const { host } = this.run.login;
    const advice = "the host ends it, or takes it back, by itself; run `up` again to see the outcome";
    const failure = new NspawnError(
      "NSPAWN_DEADLINE",
      `${host} did not finish within ${this.seconds} s, last step "${this.parser.lastStep}"; ${advice}`,
    );
    this.settle(() => this.settled.resolve({ ...this.parser.finish(host, ""), failure }));
    this.channel.destroy();
  }

  /** The host waits when the other side is slower. */
  private passOn(piece: Buffer): void {
    const { channel } = this;
    const output = this.run.flow?.output;
    if (output === undefined || output.destroyed || output.write(piece)) return;
    channel.pause();
    const goOn = (): void => {
      output.removeListener("drain", goOn).removeListener("close", goOn);
      channel.resume();
    };
    output.once("drain", goOn).once("close", goOn);
  }
}
