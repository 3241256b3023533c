import type { FaultKind } from "./kind";
import { lethalScript } from "./lethal";
import type { Window } from "./provider";

/** What happens at a boundary. */
export const disturbances = ["blackhole", "sshd", "provider", "program", "reboot", "disk"] as const;
export type Disturbance = (typeof disturbances)[number];
/** After a change that was confirmed: what works now may be lost with the next boot. */
export const nextBoot = "next boot";

/** One fault: what is under way, where it stops, and what happens then. */
export interface Fault {
  kind: FaultKind;
  /** Index of the state that the change comes from; it goes to the other one. */
  from: 0 | 1;
  /** Where the program runs that is disturbed. */
  host: "one" | "two";
  /** Which of the programs that the change sends to this host, counted from 1; undefined when it sends one. */
  program?: number;
  /** Before which step, counted from 1; one more than there are steps is the end. */
  boundary: number;
  /** The step, or `end`. */
  verb: string;
  /** A disturbance, {@link nextBoot}, or the name of a lethal configuration. */
  what: string;
  window: Window;
}

/** Row of the table. */
export function rowOf({ kind, from, what }: Fault): string {
  if (what === nextBoot) return "the next boot";
  if (lethalScript(what) !== undefined) return "lethal by hand";
  return kind.removable === true && from === 1 ? "destroy" : kind.name;
}

/** `bridge →/7 settle/blackhole`: the same text is the same fault in each run. */
export function nameOf({ kind, from, host, program, boundary, verb, what, window }: Fault): string {
  if (what === nextBoot) return `${kind.name} ${from === 0 ? "→" : "←"} and the next boot`;
  const where = host === "one" ? "" : " on the other host";
  const long = window === undefined ? ", 90 s" : "";
  const step = program === undefined ? boundary : `${program}.${boundary}`;
  return `${kind.name} ${from === 0 ? "→" : "←"} before ${step} ${verb}${where}: ${what}${long}`;
}
