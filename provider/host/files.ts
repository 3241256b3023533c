import { readFileSync } from "node:fs";
import { join } from "node:path";

let folder = __dirname;
const read = new Map<string, string>();

/** Lines for shellcheck; the one without a reason is on users' hosts, where files stay byte for byte what they are. */
const directives = /^ *# shellcheck (shell=dash|.* # .*)\n/gm;

/** A file of this folder, without what is for shellcheck alone. */
export function hostFile(path: string): string {
  const known = read.get(path) ?? readFileSync(join(folder, path), "utf8").replace(directives, "");
  read.set(path, known);
  return known;
}

/**
 * Takes all files from another folder: for tests, whose processes run a changed copy of what runs on hosts.
 *
 * @public called by name in a process of its own (test/support/changed-copy.ts)
 */
export function readFrom(copy: string): void {
  folder = copy;
  read.clear();
}
