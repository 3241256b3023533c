/** One hop of a packet's path to a machine and back. */
export interface Hop {
  /** The same words for each machine: `assignment`, `uplink answers`, `route`, … */
  hop: string;
  /** What it is about: an address, an interface, a unit. */
  subject: string;
  /** Null: it could not be looked at, because an earlier hop failed or something is missing on the host. */
  ok: boolean | null;
  /** What was found there. */
  seen: string;
  /** What to do; only where it is not in order. */
  advice?: string;
}

/** A hop whose advice is kept only where it is needed. */
export function hop(name: string, subject: string, ok: boolean | null, seen: string, advice: string): Hop {
  return { hop: name, subject, ok, seen, ...(ok === true ? {} : { advice }) };
}
