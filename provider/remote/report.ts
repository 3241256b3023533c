import { notOurs, NspawnError, type ErrorCode } from "../errors";
import { printable, printableLine } from "../model/read/printable";
import { Cutter } from "./cutter";
import { frameOf, isFrameKind, reportedCode, type Frame, type FrameKind } from "./frame";
import { ourResults, reportLimits as limits, type Expected } from "./report-limits";
import { Warnings } from "./warnings";

/** What a program reported. Its texts are printable, and may still hold secrets. */
export interface Report {
  /** Named results, such as `facts` (a tar archive). */
  results: Map<string, Buffer>;
  warnings: string[];
  /** Whether anything on the host may have become ours. */
  claimed: boolean;
  /** Whether the host has begun with nothing yet, and may restart by itself: the program may be sent again. */
  unbegun: boolean;
  /** Whether the change was taken back; the results then tell how things are again. */
  rolledBack: boolean;
  /** What went wrong; the results may be there all the same. */
  failure?: NspawnError;
}

/** Who hears of a report while it arrives. What nobody hears of may not come, but for progress. */
export interface Listener {
  progress: (text: string) => void;
  /** What a program sends piece by piece, such as a machine's tree. */
  data: (piece: Buffer) => void;
  /** The host waits until a new connection confirms the change. */
  confirm: () => void;
}

const words = ["unbegun", "begun", "claimed", "rolled-back", "confirm", "end"];
const kinds = ["progress\t", "warning\t", "result\t", "error\t", "data\t"];

/**
 * Parses the report while it arrives, from a host that may be in anybody's hands. Records are lines of tab-separated
 * words; `result`, `error` and `data` carry a length and that many bytes and a newline. Only `end`, once and last, means
 * success. At the first thing that our program does not write it stops, and lets go of what it holds.
 */
export class ReportParser {
  readonly report: Report = { results: new Map(), warnings: [], claimed: false, unbegun: false, rolledBack: false };
  /** What is wrong with it; nothing of it is read any more. */
  refused: string | undefined;
  private readonly cutter: Cutter;
  private readonly warnings = new Warnings();
  private readonly seen = { records: 0, lines: 0, results: 0, errors: 0 };
  private frame: Frame | undefined;
  private failure: { code: ErrorCode; detail: string } | undefined;
  private ended = false;
  /** The newest progress text: where a lost connection was. */
  private step = "the start";

  constructor(
    private readonly listener: Partial<Listener> = {},
    private readonly expected: Expected = ourResults,
  ) {
    const parts = {
      line: (line: Buffer) => this.line(line),
      body: (body: Buffer) => this.body(body),
      refuse: (what: string) => this.refuse(what),
    };
    this.cutter = new Cutter(parts, limits.line);
  }

  push(chunk: Buffer): void {
    this.cutter.push(chunk);
  }

  /** From now on it is no report of ours, whatever else comes. */
  refuse(what: string): undefined {
    this.refused ??= what;
    this.frame = undefined;
    this.report.results.clear();
    this.cutter.stop();
  }

  /** After the channel closed: the report, with the error that its end amounts to. */
  finish(host: string, stderr: string): Report {
    const left = this.cutter.stop().toString("utf8");
    if (left !== "" && this.ended) this.refuse("more comes after its end");
    else if (left !== "" && !mayGoOn(left)) this.refuseLine(left);
    this.report.warnings = this.warnings.all();
    if (this.refused !== undefined) this.report.failure = notOurs(`${host}: ${this.refused}`);
    else if (!this.ended) this.report.failure = this.failed(host, stderr);
    return this.report;
  }

  get lastStep(): string {
    return this.step;
  }

  private failed(host: string, stderr: string): NspawnError {
    if (this.failure !== undefined) {
      const { code, detail } = this.failure;
      const outcome = this.report.rolledBack ? "; the host is as it was before" : "";
      return new NspawnError(code, `${host}: ${detail}${outcome}`);
    }
    const said = stderr.trim() === "" ? "" : `; the host said: ${printable(stderr.trim())}`;
    const advice = "run `up` again: it goes on where this one stopped";
    return new NspawnError(
      "NSPAWN_CONNECTION_LOST",
      `the connection to ${host} ended during "${this.step}"${said}; ${advice}`,
    );
  }

  private line(line: Buffer): number | undefined {
    if (this.ended) return this.refuse("more comes after its end");
    const text = line.toString("utf8");
    const tab = text.indexOf("\t");
    const kind = tab < 0 ? "" : text.slice(0, tab);
    if (isFrameKind(kind)) return this.announced(kind, text.slice(tab + 1));
    if (kind === "progress") this.progress(text.slice(tab + 1));
    else if (kind === "warning") this.warnings.add(oneLine(text.slice(tab + 1)));
    else if (!this.marked(text)) return this.refuseLine(text);
    return this.counted(line.length);
  }

  private refuseLine(text: string): undefined {
    return this.refuse(`there is no such record as "${printableLine(text, limits.shown)}"`);
  }

  private counted(length: number): undefined {
    const { seen } = this;
    seen.records += 1;
    seen.lines += length + 1;
    if (seen.records > limits.records) return this.refuse(`it has more than ${limits.records} records`);
    if (seen.lines > limits.lines) return this.refuse(`its records have more than ${limits.lines} bytes`);
  }

  private progress(text: string): void {
    this.step = oneLine(text);
    this.listener.progress?.(this.step);
  }

  /** Records of one word. False: there is no such record, or nobody waits for it. */
  private marked(word: string): boolean {
    const { report, listener } = this;
    if (!words.includes(word) || (word === "confirm" && listener.confirm === undefined)) return false;
    if (word.endsWith("begun")) report.unbegun = word === "unbegun";
    if (word === "claimed") report.claimed = true;
    if (word === "rolled-back") report.rolledBack = true;
    if (word === "confirm") listener.confirm?.();
    if (word === "end") this.end();
    return true;
  }

  private end(): void {
    this.ended = true;
    if (this.failure !== undefined) this.refuse(`after the error ${this.failure.code} it ends as if all had gone well`);
  }

  /** A body comes: how many bytes, if it may. */
  private announced(kind: FrameKind, said: string): number | undefined {
    const frame = frameOf(kind, said);
    if (frame === undefined) return this.refuse(`the length of a body is no number in "${printableLine(said, 100)}"`);
    const what = `the ${kind} ${printableLine(frame.name, 100)}`;
    const most = this.most(frame);
    if (most === undefined) return this.refuse(`${what} is not known, or nobody asked for it`);
    if (frame.length > most) return this.refuse(`${what} has ${frame.length} bytes, ${most} are allowed`);
    this.frame = frame;
    if (kind !== "data") this.counted(said.length);
    return this.frame?.length;
  }

  /** Bytes that a body may have; `undefined` when it may not come. */
  private most({ kind, name }: Frame): number | undefined {
    const { seen, report } = this;
    if (kind === "data") return this.listener.data && limits.data;
    if (kind === "error") return reportedCode(name) && limits.errors - seen.errors;
    const of = this.expected(name);
    const isOneMore = !report.results.has(name) && report.results.size >= limits.names;
    return of === undefined || isOneMore ? undefined : Math.min(of, limits.results - seen.results);
  }

  private body(body: Buffer): void {
    const { frame, seen } = this;
    this.frame = undefined;
    if (frame?.kind === "data") this.listener.data?.(body);
    if (frame?.kind === "error") {
      seen.errors += frame.length;
      this.fail(frame.name as ErrorCode, printable(body.toString("utf8").trim()));
    }
    if (frame?.kind === "result") {
      seen.results += frame.length;
      this.report.results.set(frame.name, body);
    }
  }

  /** What fails after the first failure says more about it. */
  private fail(code: ErrorCode, detail: string): void {
    const { failure } = this;
    this.failure = { code: failure?.code ?? code, detail: failure ? `${failure.detail}; ${detail}` : detail };
  }
}

/** Whether the beginning of a line may become a record. */
function mayGoOn(line: string): boolean {
  return [...kinds, ...words].some((begin) => begin.startsWith(line)) || kinds.some((kind) => line.startsWith(kind));
}

function oneLine(text: string): string {
  return printableLine(text.replaceAll("\t", " "));
}
