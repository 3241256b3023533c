import pc from "picocolors";
import { printable } from "../../provider/model/read/printable";
import type { Machine } from "../stack/machines";
import type { Hop } from "./hop";

/** What was found about one machine: its path, or why nobody could look. */
export interface Finding {
  name: string;
  host: string;
  stack: string;
  /** True: every hop is in order. False: one is not. Null: the host could not be looked at. */
  ok: boolean | null;
  hops: Hop[];
  error?: string;
}

export function finding({ name, host, stack }: Machine, hops: Hop[]): Finding {
  return { name, host, stack, ok: !hops.some(({ ok }) => ok === false), hops };
}

export function unseen({ name, host, stack }: Machine, error: string): Finding {
  return { name, host, stack, ok: null, hops: [], error: printable(error, 4000) };
}

/** 0 all in order, 1 a hop failed, 3 a host could not be looked at. */
export function exitCodeOf(findings: Finding[]): 0 | 1 | 3 {
  if (findings.some(({ ok }) => ok === false)) return 1;
  return findings.some(({ ok }) => ok === null) ? 3 : 0;
}

/** The findings as a person reads them; the first failed hop is where the packet stops. */
export function describe({ name, host, ok, hops, error }: Finding): string {
  const lines = hops.flatMap(describeHop);
  const first = hops.find((hop) => hop.ok === false);
  const verdict =
    ok === null
      ? pc.yellow(`could not look: ${error ?? ""}`)
      : first === undefined
        ? pc.green("every hop is in order")
        : pc.red(`stops at: ${first.hop} (${first.subject})`);
  return [pc.bold(`${name} on ${host}`), ...lines, `  ${verdict}`].join("\n");
}

function describeHop({ hop, subject, ok, seen, advice }: Hop): string[] {
  const mark = ok === null ? pc.yellow("?") : ok ? pc.green("✔") : pc.red("✘");
  const line = `  ${mark} ${hop.padEnd(15)} ${subject}: ${seen}`;
  return advice === undefined ? [line] : [line, pc.dim(`      ${advice}`)];
}
