import { printableLine } from "../../provider/model/read/printable";

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

/** Characters of what a host or a machine says. */
const most = 1000;

/** A hop whose advice is kept only where it is needed. What hosts and machines say in it is printable. */
export function hop(name: string, subject: string, ok: boolean | null, seen: string, advice: string): Hop {
  const said = { subject: printableLine(subject, most), ok, seen: printableLine(seen, most) };
  return { hop: name, ...said, ...(ok === true ? {} : { advice: printableLine(advice, most) }) };
}

/** A hop that failed is not judged where an earlier one that failed explains it. */
export function after(one: Hop, earlier: readonly Hop[]): Hop {
  const cause = one.ok === false ? earlier.find(({ ok }) => ok === false) : undefined;
  return cause === undefined ? one : { ...one, ok: null, advice: `see the hop ${cause.hop} (${cause.subject})` };
}
