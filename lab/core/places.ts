import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { LabError } from "./lab-error";

/** Where the state of all labs lies; root only, removed by `down`. */
export const labsDir = "/var/lib/pulumi-nspawn-lab";

/** The lab that is meant when none is named. */
export const defaultLab = process.env["PULUMI_NSPAWN_LAB"] || "default";

/** Lab names become parts of paths, cgroups and command lines. */
export function labDir(name: string): string {
  if (!/^[a-z][a-z0-9-]{0,30}$/.test(name))
    throw new LabError(
      `lab name ${JSON.stringify(name)}: a letter, then up to 30 of a-z, 0-9 and "-", is allowed; choose another --name`,
      2,
    );
  return join(labsDir, name);
}

/** Images and packages, shared by all labs: `${PULUMI_NSPAWN_CACHE:-${XDG_CACHE_HOME:-~/.cache}/pulumi-nspawn}/lab`. */
export function labCacheDir(env: NodeJS.ProcessEnv = process.env): string {
  const base = env["PULUMI_NSPAWN_CACHE"] || join(env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "pulumi-nspawn");
  return join(base, "lab");
}

/** The package's own folder, whether this file runs from lab/ (tests) or from bin/lab/. */
export function packageDir(): string {
  let dir = __dirname;
  while (!existsSync(join(dir, "package.json"))) dir = dirname(dir);
  return dir;
}

export const asset = (file: string): string => join(packageDir(), "lab", "assets", file);

/** Compiled program beside the compiled library, e.g. `daemon/main.js`. */
export const program = (file: string): string => join(packageDir(), "bin", "lab", file);
