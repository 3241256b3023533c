import { createInterface } from "node:readline/promises";
import type { Command } from "commander";
import { labPackages, missingPackages } from "../lab";
import { aptInstall } from "./apt";
import { executable, pathDirectories } from "../engine/executable";

/** What is done about Debian packages that are missing. */
export interface PackageOptions {
  /** Install them without asking. Without a terminal nobody can be asked, and they are installed as well. */
  yes: boolean;
  /** False: end with their names instead. */
  install: boolean;
}

/** The options of every command that makes a lab. */
export function withPackageOptions(command: Command): Command {
  return command
    .option("-y, --yes", "install missing Debian packages without asking; without a terminal nothing is asked", false)
    .option("--no-install", "install no Debian packages: end with the names of those that are missing");
}

async function agrees(what: string, missing: readonly string[]): Promise<boolean> {
  if (!process.stdin.isTTY) return true;
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const question = `${what} needs these Debian packages: ${missing.join(" ")}\nInstall them with apt-get? [Y/n] `;
    return /^(y(es)?)?$/i.test((await prompt.question(question)).trim());
  } finally {
    prompt.close();
  }
}

/**
 * Installs packages that are not there. What will be installed is named first.
 *
 * @throws with their names when they are not to be installed
 */
export async function installPackages(
  what: string,
  missing: readonly string[],
  options: PackageOptions,
): Promise<void> {
  if (options.install && (options.yes || (await agrees(what, missing)))) return aptInstall(missing);
  const names = missing.join(" ");
  throw new Error(
    `${what} needs Debian packages that are missing: ${names}\nInstall them (apt-get install --no-install-recommends ${names}), or start again ${options.install ? "with --yes" : "without --no-install"}`,
  );
}

/** Installs what the lab needs and is not there (docs/lab.md). */
export async function ensurePackages(options: PackageOptions): Promise<void> {
  const missing = missingPackages();
  if (missing.length === 0) return;
  process.stderr.write(`the lab needs ${labPackages.length} Debian packages; missing: ${missing.join(" ")}\n`);
  await installPackages("the lab", missing, options);
}

/** Programs that `npm run lint` runs, and tests of what runs on hosts, by their Debian packages. */
const checkers = { shellcheck: "shellcheck", shfmt: "shfmt", "btrfs-progs": "mkfs.btrfs" };

/** Installs what `npm run lint` and those tests need and is not there. */
export async function ensureCheckers(options: PackageOptions): Promise<void> {
  const missing = Object.entries(checkers).filter(
    ([, name]) => executable(name, pathDirectories(process.env)) === undefined,
  );
  const packages = missing.map(([name]) => name);
  if (packages.length > 0) await installPackages("npm test", packages, options);
}
