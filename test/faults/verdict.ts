/** What became of one fault. */
export interface Verdict {
  /** Row of the table. */
  row: string;
  name: string;
  /** No login within the time that is promised. */
  lockedOut: boolean;
  /** Seconds until a login worked again. */
  login?: number;
  /** Which state the host is exactly at. */
  ended: "old" | "new" | "half" | "?";
  /** Lines of the manifest that neither state has. */
  half: string[];
  /** What one `up` did not bring to what is wanted, and what the next one would change. */
  rest: string[];
  /** What a person wants to know of it. */
  notes: string[];
  seconds?: number;
}

export const isGood = ({ lockedOut, half, rest }: Verdict): boolean => !lockedOut && half.length + rest.length === 0;
