import type { LogEntry } from "./log-entry";

/** The last requests below /v1. */
export class RequestLog {
  private entries: LogEntry[] = [];
  private count = 0;

  constructor(private readonly kept = 10_000) {}

  add(entry: Omit<LogEntry, "n">): LogEntry {
    const numbered = { ...entry, n: ++this.count };
    this.entries.push(numbered);
    if (this.entries.length > this.kept) this.entries.shift();
    return numbered;
  }

  /** Those after entry number `n`. */
  since(n: number): LogEntry[] {
    return this.entries.filter((entry) => entry.n > n);
  }

  clear(): void {
    this.entries = [];
  }
}
