import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withLock } from "./with-lock";

/** 128 instances, the kernel's default, are used up by 16 machines. The limits are the whole machine's: no namespace has its own. */
const wanted: Readonly<Record<string, number>> = { max_user_instances: 8192, max_user_watches: 1048576 };

const kernelFile = (key: string): string => `/proc/sys/fs/inotify/${key}`;

/** Raises the limits and remembers what they were, unless an earlier lab already did. */
export function raiseInotifyLimits(labs: string): Promise<void> {
  return withLock(labs, "inotify", () => {
    const memory = join(labs, "inotify-before.json");
    if (!existsSync(memory)) {
      mkdirSync(labs, { recursive: true, mode: 0o700 });
      const before = Object.fromEntries(
        Object.keys(wanted).map((key) => [key, Number(readFileSync(kernelFile(key), "utf8"))]),
      );
      writeFileSync(`${memory}.new`, JSON.stringify(before));
      renameSync(`${memory}.new`, memory);
    }
    for (const [key, value] of Object.entries(wanted))
      if (Number(readFileSync(kernelFile(key), "utf8")) < value) writeFileSync(kernelFile(key), String(value));
    return Promise.resolve();
  });
}

/** Puts the limits back once no lab is left. */
export function restoreInotifyLimits(labs: string): Promise<void> {
  return withLock(labs, "inotify", () => {
    const memory = join(labs, "inotify-before.json");
    const left = readdirSync(labs).filter((name) => existsSync(join(labs, name, "lab.json")));
    if (left.length === 0 && existsSync(memory)) {
      const before = JSON.parse(readFileSync(memory, "utf8")) as Record<string, number>;
      for (const [key, value] of Object.entries(before))
        if (key in wanted) writeFileSync(kernelFile(key), String(value));
      rmSync(memory);
    }
    return Promise.resolve();
  });
}
