import { NspawnError, type ErrorCode } from "../errors";

/** What a program reported. */
export interface Report {
  /** Named results, such as `facts` (a tar archive). */
  results: Map<string, Buffer>;
  warnings: string[];
  /** Whether anything on the host may have become ours. */
  claimed: boolean;
  /** Whether the change was taken back; the results then tell how things are again. */
  rolledBack: boolean;
  /** What went wrong; the results may be there all the same. */
  failure?: NspawnError;
}

/** Who hears of a report while it arrives. */
export interface Listener {
  progress: (text: string) => void;
  /** What a program sends piece by piece, such as a machine's tree. */
  data: (piece: Buffer) => void;
  /** The host waits until a new connection confirms the change. */
  confirm: () => void;
}

/**
 * Parses the report while it arrives. Records are lines of tab-separated words; `result`, `error` and `data` carry a
 * length and that many bytes and a newline. Only `end` means success.
 */
export class ReportParser {
  readonly report: Report = { results: new Map(), warnings: [], claimed: false, rolledBack: false };
  private pending: Buffer = Buffer.alloc(0);
  private frame: { kind: string; name: string; length: number } | undefined;
  private failure: { code: string; detail: string } | undefined;
  private ended = false;
  /** The newest progress text: where a lost connection was. */
  private step = "the start";

  constructor(private readonly listener: Partial<Listener> = {}) {}

  push(chunk: Buffer): void {
    this.pending = this.pending.length === 0 ? chunk : Buffer.concat([this.pending, chunk]);
    while (this.take());
  }

  /** After the channel closed: the report, with the error that its end amounts to. */
  finish(host: string, stderr: string): Report {
    if (!this.ended) this.report.failure = this.failed(host, stderr);
    return this.report;
  }

  private failed(host: string, stderr: string): NspawnError {
    if (this.failure !== undefined) {
      const { code, detail } = this.failure;
      const outcome = this.report.rolledBack ? "; the host is as it was before" : "";
      return new NspawnError(code as ErrorCode, `${host}: ${detail}${outcome}`);
    }
    const said = stderr.trim() === "" ? "" : `; the host said: ${stderr.trim()}`;
    const advice = "run `up` again: it goes on where this one stopped";
    return new NspawnError(
      "NSPAWN_CONNECTION_LOST",
      `the connection to ${host} ended during "${this.step}"${said}; ${advice}`,
    );
  }

  get lastStep(): string {
    return this.step;
  }

  private take(): boolean {
    return this.frame === undefined ? this.takeLine() : this.takeFrame(this.frame);
  }

  private takeLine(): boolean {
    const newline = this.pending.indexOf(10);
    if (newline < 0) return false;
    const words = this.pending.subarray(0, newline).toString("utf8").split("\t");
    this.pending = this.pending.subarray(newline + 1);
    this.record(words);
    return true;
  }

  private record([kind = "", ...words]: string[]): void {
    if (kind === "result" || kind === "error" || kind === "data") {
      this.frame = { kind, name: words[0] ?? "", length: Number(words[1]) };
    } else this.note(kind, words.join(" "));
  }

  private note(kind: string, text: string): void {
    const { report, listener } = this;
    if (kind === "progress") listener.progress?.((this.step = text));
    else if (kind === "warning") report.warnings.push(text);
    else if (kind === "claimed") report.claimed = true;
    else if (kind === "rolled-back") report.rolledBack = true;
    else if (kind === "confirm") listener.confirm?.();
    else if (kind === "end") this.ended = true;
  }

  private takeFrame(frame: { kind: string; name: string; length: number }): boolean {
    if (this.pending.length < frame.length + 1) return false;
    const body = Buffer.from(this.pending.subarray(0, frame.length));
    this.pending = this.pending.subarray(frame.length + 1);
    this.frame = undefined;
    if (frame.kind === "data") this.listener.data?.(body);
    else if (frame.kind === "result") this.report.results.set(frame.name, body);
    else this.fail(frame.name, body.toString("utf8").trim());
    return true;
  }

  /** What fails after the first failure says more about it. */
  private fail(code: string, detail: string): void {
    this.failure =
      this.failure === undefined ? { code, detail } : { ...this.failure, detail: `${this.failure.detail}; ${detail}` };
  }
}
