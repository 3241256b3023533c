import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Result } from "./result";

const file = join(__dirname, "..", "..", "bench", "results.json");

/** Writes the figures; those that were not measured this time stay as they were. Returns the path. */
export function writeResults(results: Record<string, Result>): string {
  const before = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Record<string, Result>) : {};
  const rounded = (_: string, item: unknown): unknown => (typeof item === "number" ? Number(item.toFixed(3)) : item);
  writeFileSync(file, `${JSON.stringify({ ...before, ...results }, rounded, 2)}\n`);
  return file;
}
