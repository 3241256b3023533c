import { existsSync, readFileSync, readdirSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { restoreInotifyLimits } from "./core/inotify-limits";
import { LabError } from "./core/lab-error";
import { readLab } from "./lab-record";
import { defaultLab, labDir, labsDir } from "./core/places";
import { identify, isAlive, type ProcessIdentity } from "./core/process-identity";
import { removeEmpty } from "./core/remove-empty";
import { run } from "./core/run";
import { removeDeadLocks, withLock } from "./core/with-lock";

// In a mount namespace of its own, because this machine may have no cgroup v2 mounted where we look.
const removeCgroups = `mount -t cgroup2 cgroup2 /sys/fs/cgroup && cd /sys/fs/cgroup && [ -d "$1" ] || exit 0
[ -e "$1/cgroup.kill" ] && echo 1 >"$1/cgroup.kill"
for try in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
  find "$1" -depth -type d -exec rmdir {} + 2>/dev/null
  [ -d "$1" ] || exit 0
  sleep 0.1
done
echo "processes are left in the cgroup $1: $(cat "$1"/cgroup.procs "$1"/*/cgroup.procs | tr '\\n' ' ')" >&2
exit 1`;

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
      "-c",
      removeCgroups,
      "cgroups",
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
