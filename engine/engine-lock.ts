import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { lock } from "proper-lockfile";
import type { Reporter } from "./reporter";

type Step = Parameters<Reporter["step"]>[0];

/**
 * Runs `work` as the only one on this cache. Others wait and show how far the first is. A lock whose holder died is
 * taken over after 15 s.
 */
export async function withEngineLock(
  cache: string,
  reporter: Reporter,
  signal: AbortSignal | undefined,
  work: (reporter: Reporter) => Promise<void>,
): Promise<void> {
  mkdirSync(cache, { recursive: true });
  const progress = join(cache, "progress.json");
  let told = false;
  for (;;) {
    signal?.throwIfAborted();
    const release = await tryLock(cache);
    if (release !== undefined) {
      try {
        return await work(shared(reporter, progress));
      } finally {
        await release().catch(() => undefined);
      }
    }
    if (!told) reporter.note("Another start is getting the engine; waiting for it.");
    told = true;
    const step = lastStep(progress);
    if (step !== undefined) reporter.step({ ...step, what: `another start: ${step.what}` });
    await sleep(1000, undefined, { signal });
  }
}

async function tryLock(cache: string): Promise<(() => Promise<void>) | undefined> {
  try {
    // A lock lost to a suspended machine is no harm: places are filled by one rename, so two builds only cost time.
    return await lock(cache, { stale: 15_000, update: 5_000, onCompromised: () => undefined });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ELOCKED") return undefined;
    throw error;
  }
}

function shared(reporter: Reporter, file: string): Reporter {
  let last = 0;
  return {
    note: (text) => reporter.note(text),
    done: () => reporter.done(),
    step: (now) => {
      reporter.step(now);
      if (Date.now() - last < 2000) return;
      last = Date.now();
      writeFileSync(file, JSON.stringify(now));
    },
  };
}

function lastStep(file: string): Step | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Step;
  } catch {
    return undefined;
  }
}
