import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";

/** Puts a finished directory into its place in one step; a place that was filled meanwhile is left as it is. */
export function keep(finished: string, place: string): void {
  mkdirSync(dirname(place), { recursive: true });
  try {
    renameSync(finished, place);
  } catch (error) {
    if (!existsSync(place)) throw error;
    rmSync(finished, { recursive: true, force: true });
  }
}
