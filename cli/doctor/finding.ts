import pc from "picocolors";
import { printable } from "../../provider/model/read/printable";
import type { Machine } from "../stack/machines";
import type { Hop } from "./hop";

/** What was found about one machine: its path, or why nobody could look. */
export interface Finding {
  name: string;
  host: string;
  stack: string;
  /** What the program has. */
  wanted: Machine["wanted"];
  /** True: every hop is in order, as far as it could be looked at. False: one is not. Null: the host could not be looked at. */
  ok: boolean | null;
  hops: Hop[];
  error?: string;
}

export function finding({ name, host, stack, wanted }: Machine, hops: Hop[]): Finding {
  return { name, host, stack, wanted, ok: !hops.some(({ ok }) => ok === false), hops };
}

export function unseen({ name, host, stack, wanted }: Machine, error: string): Finding {
  return { name, host, stack, wanted, ok: null, hops: [], error: printable(error, 4000) };
}

/** 0 all in order, 1 a hop failed, 3 a host could not be looked at. */
export function exitCodeOf(findings: Finding[]): 0 | 1 | 3 {
  if (findings.some(({ ok }) => ok === false)) return 1;
  return findings.some(({ ok }) => ok === null) ? 3 : 0;
}

/** The findings as a person reads them; the first failed hop is where the packet stops. */
export function describe(found: Finding): string {
  const lines = found.hops.flatMap(describeHop);
  return [pc.bold(`${found.name} on ${found.host}`), ...lines, `  ${verdict(found)}`].join("\n");
}

function verdict({ ok, hops, error, wanted }: Finding): string {
  if (ok === null) return pc.yellow(`could not look: ${error ?? ""}`);
  const first = hops.find((hop) => hop.ok === false);
  if (first !== undefined) return pc.red(`stops at: ${first.hop} (${first.subject})`);
  if (wanted === "stopped") return pc.green("stopped, as the program has it; what is there without it is in order");
  const dark = hops.filter((hop) => hop.ok === null).length;
  if (dark === 0) return pc.green("every hop is in order");
  return pc.yellow(`no hop is known to be broken; ${dark} could not be judged (?)`);
}

function describeHop({ hop, subject, ok, seen, advice }: Hop): string[] {
  const mark = ok === null ? pc.yellow("?") : ok ? pc.green("✔") : pc.red("✘");
  const line = `  ${mark} ${hop.padEnd(15)} ${subject}: ${seen}`;
  return advice === undefined ? [line] : [line, pc.dim(`      ${advice}`)];
}
