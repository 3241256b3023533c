import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { packageDir } from "../../lab/core/places";

const compiled = join(packageDir(), "bin/provider/host");

interface Change {
  /** Another main program. */
  main?: (text: string) => string;
  /**
   * A path of the host, where a program leaves variables that it read before they were set: in a part of a pipe that
   * ends nothing but this part.
   */
  unset?: string;
}

/** A copy of what runs on hosts, changed. Users' hosts get one without hooks. */
export function changedCopy(folder: string, { main, unset }: Change, from = compiled): void {
  cpSync(from, folder, { recursive: true });
  if (main !== undefined) changed(join(folder, "main.sh"), main);
  if (unset !== undefined) changed(join(folder, "lib/finish.sh"), (text) => leavingUnset(text, unset));
}

function leavingUnset(text: string, list: string): string {
  const end = '  rm -rf "$DIR"\n  exit "$status"';
  if (text.split(end).length !== 2)
    throw new Error("finish.sh ends otherwise: test/support/changed-copy.ts must follow it");
  return text.replace(end, `  mkdir -p ${dirname(list)}; grep -h "parameter not set" "$DIR/log" >>${list}\n${end}`);
}

function changed(file: string, change: (text: string) => string): void {
  writeFileSync(file, change(readFileSync(file, "utf8")));
}

/** Lines of JavaScript by which a process of the compiled library takes the copy. */
export const takingCopy = (folder: string): string =>
  `require(${JSON.stringify(join(compiled, "files"))}).readFrom(${JSON.stringify(folder)});`;
