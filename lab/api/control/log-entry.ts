/** One request, as remembered. Secrets are taken out. */
export interface LogEntry {
  /** Counts up from 1. */
  n: number;
  at: string;
  method: string;
  /** With query. */
  path: string;
  headers: Record<string, string>;
  body: unknown;
  /** 0 while it runs, and when the connection was dropped. */
  status: number;
  /** Milliseconds. */
  took: number;
  /** Error code of the answer. */
  code: string | null;
}
