import { mkdirSync } from "node:fs";
import { join } from "node:path";
import lockfile from "proper-lockfile";
import { LabError } from "./lab-error";

/** Runs `work` while no other process does so for the same folder and topic. Waits for the other, up to half an hour; a dead owner's lock ends after 30 s. */
export async function withLock<T>(folder: string, topic: string, work: () => Promise<T>): Promise<T> {
  mkdirSync(folder, { recursive: true });
  // One name per topic: the library tells locks apart by the locked file, not by the lock's own path. The file need not exist.
  const locked = join(folder, `.${topic}`);
  const lock = `${locked}.lock`;
  const release = await lockfile
    .lock(locked, {
      realpath: false,

      stale: 30_000,
      update: 5_000,
      retries: { retries: 3600, factor: 1, minTimeout: 500, maxTimeout: 500 },
    })
    .catch((error: Error) => {
      throw new LabError(
        `another process holds ${lock} (${error.message}); wait for it, or remove the lock if none runs`,
      );
    });
  try {
    return await work();
  } finally {
    await release().catch(() => undefined);
  }
}
