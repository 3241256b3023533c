import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Directory and version of an npm package as the project in `root` would load it. */
export function npmPackage(name: string, root: string): { directory: string; version: string } | undefined {
  try {
    const file = createRequire(join(root, "package.json")).resolve(`${name}/package.json`);
    const { version } = JSON.parse(readFileSync(file, "utf8")) as { version: string };
    return { directory: dirname(file), version };
  } catch {
    return undefined;
  }
}
