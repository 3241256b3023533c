import Table from "cli-table3";
import pc from "picocolors";
import type { Result } from "./result";

const control = "without isolation";
const column = ({ combination }: Result): string => combination ?? control;

/** What a cell says. */
function said({ kind, combination, outcome, good, trial }: Result): string {
  if (combination === undefined)
    return outcome === "nothing" ? (trial.harmless === undefined ? "NOT SHOWN" : "harmless here") : outcome;
  if (kind === "legitimate") return good ? "delivered" : "LOST";
  return good ? "stopped" : outcome === "works" ? "WORKS" : "SEEN";
}

interface Row {
  name: string;
  victim: string;
  cells: Map<string, Result>;
}

interface Part {
  mode: string;
  kind: Result["kind"];
  columns: string[];
  rows: Row[];
}

/** The results of each mode, attacks and legitimate traffic apart: one row per trial, one column per combination. */
function parts(results: readonly Result[]): Part[] {
  const made = new Map<string, Part>();
  for (const result of results) {
    const key = `${result.mode} ${result.kind}`;
    const part = made.get(key) ?? { mode: result.mode, kind: result.kind, columns: [], rows: [] };
    made.set(key, part);
    if (!part.columns.includes(column(result))) part.columns.push(column(result));
    const { name, victim } = result.trial;
    let row = part.rows.find((each) => each.name === name && each.victim === victim);
    if (row === undefined) part.rows.push((row = { name, victim, cells: new Map() }));
    row.cells.set(column(result), result);
  }
  return [...made.values()];
}

function cell(result: Result | undefined): string {
  if (result === undefined) return "";
  const text = said(result);
  return result.good ? (result.combination === undefined ? text : pc.green(text)) : pc.red(text);
}

export function table(results: readonly Result[]): string {
  return parts(results)
    .map(({ mode, kind, columns, rows }) => {
      const head = [kind === "attack" ? `attack, mode ${mode}` : `legitimate, mode ${mode}`, "victim", ...columns];
      const drawn = new Table({ head, style: { head: [], border: [] } });
      for (const { name, victim, cells } of rows)
        drawn.push([name, victim, ...columns.map((each) => cell(cells.get(each)))]);
      return drawn.toString();
    })
    .join("\n");
}

/** The same for a page of documentation. */
export function markdown(results: readonly Result[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((each) => each.replaceAll("|", "\\|")).join(" | ")} |\n`;
  return parts(results)
    .map(({ mode, kind, columns, rows }) => {
      const title = kind === "attack" ? `Attacks, mode ${mode}` : `Legitimate traffic, mode ${mode}`;
      const head = ["", "victim", ...columns];
      const body = rows.map(({ name, victim, cells }) =>
        line([
          name,
          victim,
          ...columns.map((each) => {
            const found = cells.get(each);
            return found === undefined ? "" : said(found);
          }),
        ]),
      );
      return `### ${title}\n\n${line(head)}${line(head.map(() => "---"))}${body.join("")}`;
    })
    .join("\n");
}

/** `N attacks, N stopped; M legitimate, M delivered`: each in each mode and combination. */
export function summary(results: readonly Result[]): string {
  const of = (kind: Result["kind"]): Result[] =>
    results.filter((result) => result.kind === kind && result.combination !== undefined);
  const good = (list: Result[]): number => list.filter((result) => result.good).length;
  const [bad, right] = [of("attack"), of("legitimate")];
  return `${bad.length} attacks, ${good(bad)} stopped; ${right.length} legitimate, ${good(right)} delivered`;
}

/** How many controls showed their attack. */
export function controls(results: readonly Result[]): string {
  const all = results.filter(({ combination }) => combination === undefined);
  const count = (outcome: Result["outcome"]): number => all.filter((result) => result.outcome === outcome).length;
  const unshown = all.filter(({ good }) => !good).length;
  return `controls without isolation: ${count("works")} work, ${count("seen")} are seen, ${count("nothing") - unshown} are harmless here, ${unshown} not shown`;
}
