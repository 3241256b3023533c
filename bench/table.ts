import Table from "cli-table3";
import pc from "picocolors";
import type { Result } from "./result";
import type { Spread } from "./spread";

function value(number: number, unit: Result["unit"]): string {
  return unit === "s" || unit === "ms" ? number.toFixed(2) : String(Number(number.toFixed(2)));
}

function range(spread: Spread | null, unit: Result["unit"]): string {
  if (spread === null) return "–";
  const [min, median, max] = [spread.min, spread.median, spread.max].map((number) => value(number, unit));
  return min === max ? `${median}` : `${min} / ${median} / ${max}`;
}

function row(name: string, { unit, goal, met, runs, note, spread }: Result): string[] {
  return [
    name,
    unit === "count" ? "" : unit,
    range(spread.ours, unit),
    range(spread.reference, unit),
    range(spread.ratio, "s"),
    `≤ ${goal}`,
    met ? pc.green("met") : pc.red("missed"),
    String(runs),
    note,
  ];
}

/** All figures for a person; three numbers in one cell are the smallest, the middle and the largest. */
export function table(results: Record<string, Result>): string {
  const head = ["figure", "unit", "ours", "reference", "ratio", "goal", "", "runs", "what"];
  const drawn = new Table({
    head,
    style: { head: [], border: [] },
    colWidths: [null, null, null, null, null, null, null, null, 46],
    wordWrap: true,
  });
  for (const [name, result] of Object.entries(results)) drawn.push(row(name, result));
  return drawn.toString();
}
