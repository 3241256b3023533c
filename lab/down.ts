import { existsSync, readFileSync, readdirSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { restoreInotifyLimits } from "./core/inotify-limits";
import { LabError } from "./core/lab-error";
import { readLab } from "./lab-record";
import { asset, defaultLab, labDir, labsDir } from "./core/places";
import { identify, isAlive, type ProcessIdentity } from "./core/process-identity";
import { removeEmpty } from "./core/remove-empty";
import { run } from "./core/run";
import { removeDeadLocks, withLock } from "./core/with-lock";

/**
 * Ends a lab and removes what it made, in whatever state it is; a lab that does not exist is fine. The cache stays.
 * The last lab puts the machine's inotify limits back.
 */
export async function labDown(options: { name?: string } = {}): Promise<{ name: string; removed: boolean }> {
  const name = options.name ?? defaultLab;
  const dir = labDir(name);
  if (!existsSync(labsDir)) return { name, removed: false };
  if (process.getuid?.() !== 0) throw new LabError("only root can end a lab: run it as root (sudo)", 4);
  const removed = await withLock(labsDir, `lab-${name}`, async () => {
    const record = readLab(name);
    for (const holder of [...(record?.holder ? [record.holder] : []), ...strayHolders(dir)]) await end(holder);
    await run([
      "unshare",
      "--mount",
      "--propagation",
      "private",
      "sh",
      asset("remove-cgroups.sh"),
      `pulumi-nspawn-lab-${name}`,
    ]);
    const existed = existsSync(dir);
    await run(["rm", "-rf", "--one-file-system", dir]);
    await restoreInotifyLimits(labsDir);
    return existed;
  });
  await removeDeadLocks(labsDir);
  removeEmpty(labsDir);
  return { name, removed };
}

/** Holders that `up` started but could not write down any more, because it was killed in between. */
function strayHolders(dir: string): ProcessIdentity[] {
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry) && commandLine(entry).slice(0, 3).join(" ").endsWith(`/holder.sh ${dir}`))
    .map((entry) => identify(Number(entry)))
    .filter((found) => found !== undefined);
}

function commandLine(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
  } catch {
    return [];
  }
}

/** The kernel ends all processes of the PID namespace with its first one. */
async function end(holder: ProcessIdentity): Promise<void> {
  if (isAlive(holder)) process.kill(holder.pid, "SIGKILL");
  const deadline = Date.now() + 20_000;
  while (isAlive(holder)) {
    if (Date.now() > deadline)
      throw new LabError(
        `the lab's first process (pid ${holder.pid}) does not end; look at it with ps, then run "lab down" again`,
      );
    await sleep(20);
  }
}
