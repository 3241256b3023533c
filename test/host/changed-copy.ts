import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageDir } from "../../lab/core/places";

const compiled = join(packageDir(), "bin/provider/host");

/** A copy of what runs on hosts with another main program. Users' hosts get one without hooks. */
export function changedCopy(folder: string, change: (main: string) => string): void {
  cpSync(compiled, folder, { recursive: true });
  const main = join(folder, "main.sh");
  writeFileSync(main, change(readFileSync(main, "utf8")));
}

/** Lines of JavaScript by which a process of the compiled library takes the copy. */
export const takingCopy = (folder: string): string =>
  `require(${JSON.stringify(join(compiled, "files"))}).readFrom(${JSON.stringify(folder)});`;
