import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";

/** The first of the directories that has an executable file of this name. */
export function executable(name: string, directories: readonly string[]): string | undefined {
  return directories.map((directory) => join(directory, name)).find(runs);
}

/** The directories of a PATH; empty entries (which mean the current directory) are left out. */
export function pathDirectories(env: NodeJS.ProcessEnv): string[] {
  return (env["PATH"] ?? "").split(delimiter).filter((directory) => directory !== "");
}

function runs(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
