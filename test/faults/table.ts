import Table from "cli-table3";
import type { Verdict } from "./verdict";

const head = [
  "change",
  "faults",
  "old state",
  "new state",
  "lock-outs",
  "half-applied",
  "not converged",
  "slowest login",
];

/** Verdicts by row, in the order in which they first come. */
function rows(verdicts: readonly Verdict[]): [string, Verdict[]][] {
  const names = [...new Set(verdicts.map(({ row }) => row))];
  return names.map((name) => [name, verdicts.filter(({ row }) => row === name)]);
}

interface Counts {
  lockOuts: number;
  half: number;
  notConverged: number;
}

function counts(verdicts: readonly Verdict[]): Counts {
  return {
    lockOuts: verdicts.filter(({ lockedOut }) => lockedOut).length,
    half: verdicts.filter(({ half }) => half.length > 0).length,
    notConverged: verdicts.filter(({ rest }) => rest.length > 0).length,
  };
}

function cells(name: string, verdicts: readonly Verdict[]): string[] {
  const { lockOuts, half, notConverged } = counts(verdicts);
  const at = (state: Verdict["ended"]): number => verdicts.filter(({ ended }) => ended === state).length;
  const slowest = Math.max(0, ...verdicts.map(({ login = 0 }) => login));
  const numbers = [verdicts.length, at("old"), at("new"), lockOuts, half, notConverged].map(String);
  return [name, ...numbers, `${slowest.toFixed(1)} s`];
}

const body = (verdicts: readonly Verdict[]): string[][] => [
  ...rows(verdicts).map(([name, own]) => cells(name, own)),
  cells("all", verdicts),
];

/** For a terminal. */
export function table(verdicts: readonly Verdict[]): string {
  const drawn = new Table({ head, style: { head: [], border: [] } });
  drawn.push(...body(verdicts));
  return drawn.toString();
}

/** The same for docs/safety.md. */
export function markdown(verdicts: readonly Verdict[]): string {
  const line = (values: readonly string[]): string => `| ${values.join(" | ")} |`;
  const rule = head.map((_, index) => (index === 0 ? "---" : "--:"));
  return [line(head), line(rule), ...body(verdicts).map(line)].join("\n") + "\n";
}

/** The last line. */
export function summary(verdicts: readonly Verdict[]): string {
  const { lockOuts, half, notConverged } = counts(verdicts);
  return `${verdicts.length} faults, ${lockOuts} lock-outs, ${half} half-applied, ${notConverged} not converged`;
}
