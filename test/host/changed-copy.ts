import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageDir } from "../../lab/core/places";

const compiled = join(packageDir(), "bin/provider/host");

/** A copy of what runs on hosts with another main program. Users' hosts get one without hooks. */
export function changedCopy(folder: string, change: (main: string) => string): void {
  cpSync(compiled, folder, { recursive: true });
  changed(join(folder, "main.sh"), change);
}

/**
 * A copy that leaves a list of variables that were read before they were set: in a part of a pipe that ends nothing but
 * this part.
 *
 * @param list a path of the host
 */
export function copyWithListOfUnset(folder: string, list: string): void {
  cpSync(join(packageDir(), "provider/host"), folder, { recursive: true });
  const leaves = '  rm -rf "$DIR"\n  exit "$status"';
  changed(join(folder, "lib/base.sh"), (base) => {
    if (base.split(leaves).length !== 2)
      throw new Error("base.sh ends otherwise: test/host/changed-copy.ts must follow it");
    return base.replace(leaves, `  grep -h "parameter not set" "$DIR/log" >>${list}\n${leaves}`);
  });
}

function changed(file: string, change: (text: string) => string): void {
  writeFileSync(file, change(readFileSync(file, "utf8")));
}

/** Lines of JavaScript by which a process of the compiled library takes the copy. */
export const takingCopy = (folder: string): string =>
  `require(${JSON.stringify(join(compiled, "files"))}).readFrom(${JSON.stringify(folder)});`;
