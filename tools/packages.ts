import { spawnSync } from "node:child_process";
import { createInterface } from "node:readline/promises";
import { labPackages, missingPackages } from "../lab";

async function agrees(missing: readonly string[]): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await prompt.question(
      `The lab needs these Debian packages: ${missing.join(" ")}\nInstall them with apt-get? [y/N] `,
    );
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    prompt.close();
  }
}

/** `apt-get` with the index made fresh first: a new machine has none. */
function install(missing: readonly string[]): void {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  for (const args of [["update"], ["install", "-y", "--no-install-recommends", ...missing]]) {
    process.stderr.write(`apt-get ${args.join(" ")} …\n`);
    const done = spawnSync("apt-get", args, { env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
    if (done.status === 0) continue;
    throw new Error(
      `apt-get ${args[0]} failed:\n${done.stdout}${done.stderr}Install these by hand, then start again: ${missing.join(" ")}`,
    );
  }
}

/** Installs what the lab needs and is not there; asks first, unless `yes` or in CI. */
export async function ensurePackages(yes: boolean): Promise<void> {
  const missing = missingPackages();
  if (missing.length === 0) return;
  if (!yes && process.env.CI === undefined && !(await agrees(missing))) {
    throw new Error(
      `the lab needs ${labPackages.join(" ")}; missing: ${missing.join(" ")}. Install them, or start with --yes`,
    );
  }
  install(missing);
}
