import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import lockfile from "proper-lockfile";
import { LabError } from "./lab-error";

const patience = 30 * 60_000;
/** A dead owner's lock ends after 30 s. */
export const lockOptions = { realpath: false, stale: 30_000, update: 5_000 };

/** Runs `work` while no other process does so for the same folder and topic. Waits for the other, up to half an hour; a dead owner's lock ends after 30 s. */
export async function withLock<T>(folder: string, topic: string, work: () => Promise<T>): Promise<T> {
  const release = await acquire(folder, topic);
  try {
    return await work();
  } finally {
    await release().catch(() => undefined);
  }
}

async function acquire(folder: string, topic: string): Promise<() => Promise<void>> {
  // One name per topic: the library tells locks apart by the locked file, which need not exist, not by the lock's own path.
  const locked = join(folder, `.${topic}`);
  const deadline = Date.now() + patience;
  for (;;) {
    try {
      // At each try anew: the last lab's `down` removes the folder.
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      return await lockfile.lock(locked, lockOptions);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? "";
      if (!["ELOCKED", "ENOENT"].includes(code) || Date.now() > deadline)
        throw new LabError(
          `cannot get the lock ${locked}.lock (${(error as Error).message}): wait for the process that holds it, or remove it if none runs`,
        );
      await sleep(300);
    }
  }
}

/** Removes the locks that killed processes left in a folder; nobody else would, unless the same topic comes again. */
export async function removeDeadLocks(folder: string): Promise<void> {
  for (const entry of existsSync(folder) ? readdirSync(folder) : []) {
    const [, locked] = /^(\..+)\.lock$/.exec(entry) ?? [];
    // A dead owner's lock can be had, and is gone when it is given back; a living one's cannot.
    if (locked !== undefined)
      await lockfile.lock(join(folder, locked), lockOptions).then(
        (release) => release(),
        () => undefined,
      );
  }
}
