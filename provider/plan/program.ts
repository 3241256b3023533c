import type { Step } from "./step";

/** What is sent to a host on one channel: the steps as data, and the texts that they name. */
export interface Program {
  steps: Step[];
  /** Texts by name; a name is letters, digits and dots. May hold secrets: they travel on stdin only. */
  texts: Record<string, string>;
  /** Seconds that the whole call may take. */
  deadline: number;
  /** It changes the host: it runs in a unit of its own, and ends or is taken back whatever becomes of the connection. */
  changes?: true;
  /** The key of the resource whose change has to be confirmed over a new connection. */
  confirm?: string;
}
