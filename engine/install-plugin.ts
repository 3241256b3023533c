import { existsSync, mkdirSync, readlinkSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * Makes a plugin an installed one of this PULUMI_HOME, by a link: the engine then takes it without a warning and asks
 * no site. A plugin that is installed there as a file is left as it is.
 */
export function installPlugin(home: string, name: string, version: string, program: string): void {
  const file = join(home, "plugins", `resource-${name}-v${version}`, `pulumi-resource-${name}`);
  const link = target(file);
  if (link === program || (link === undefined && existsSync(file))) return;
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  rmSync(file, { force: true });
  symlinkSync(program, file);
}

function target(file: string): string | undefined {
  try {
    return readlinkSync(file);
  } catch {
    return undefined;
  }
}
