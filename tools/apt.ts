import { spawnSync } from "node:child_process";

const quiet = (): NodeJS.ProcessEnv => ({ ...process.env, DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C" });

/** Seconds that another apt, as a new machine runs at its first boot, is waited for. */
const patience = 300;

/** apt waits for dpkg's lock by itself, and for that of its lists not at all. */
const held = /Could not get lock|is held by process|Unable to lock directory/;

interface Done {
  code: number;
  output: string;
}

function apt(args: readonly string[]): Done {
  const argv = ["-o", `DPkg::Lock::Timeout=${patience}`, ...args];
  const { status, stdout, stderr, error } = spawnSync("apt-get", argv, {
    env: quiet(),
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
  return { code: status ?? 1, output: `${stdout ?? ""}${stderr ?? ""}${error?.message ?? ""}` };
}

/** `apt-get` with the index made fresh first: a new machine has none. @throws what apt said, and what to do by hand */
export async function aptInstall(packages: readonly string[], pauseMs = 3000): Promise<void> {
  for (const args of [["update"], ["install", "-y", "--no-install-recommends", ...packages]]) {
    process.stderr.write(`apt-get ${args.join(" ")} …\n`);
    let done = apt(args);
    for (const begun = Date.now(); done.code !== 0 && held.test(done.output); done = apt(args)) {
      if (Date.now() - begun > patience * 1000) break;
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
    if (done.code === 0) continue;
    throw new Error(
      `apt-get ${args[0]} failed:\n${done.output}Install these by hand, then start again: ${packages.join(" ")}`,
    );
  }
}

/** The version that `apt-get install` would take, `2:1.24~2`; undefined where there is none. */
export function aptCandidate(name: string): string | undefined {
  const { stdout } = spawnSync("apt-cache", ["policy", name], { env: quiet(), encoding: "utf8" });
  const version = /^ {2}Candidate: (\S+)$/m.exec(stdout ?? "")?.[1];
  return version === "(none)" ? undefined : version;
}
