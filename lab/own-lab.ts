import { mkdirSync } from "node:fs";
import { join } from "node:path";
import lockfile from "proper-lockfile";
import { LabError } from "./core/lab-error";
import { labsDir } from "./core/places";
import { removeEmpty } from "./core/remove-empty";
import { lockOptions } from "./core/with-lock";

/**
 * For a command that makes a lab of this name anew and removes it in the end: refuses while another one does so, which
 * would lose its lab otherwise. A dead one counts no more after 30 s.
 */
export async function withOwnLab<T>(name: string, work: () => Promise<T>, folder = labsDir): Promise<T> {
  const release = await own(name, folder);
  try {
    return await work();
  } finally {
    await release().catch(() => undefined);
    removeEmpty(folder);
  }
}

async function own(name: string, folder: string): Promise<() => Promise<void>> {
  // Who may not make a lab is told so by what makes it.
  if (folder === labsDir && process.getuid?.() !== 0) return () => Promise.resolve();
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // A machine that slept may lose it: no reason to end what is under way.
  const options = { ...lockOptions, onCompromised: () => undefined };
  try {
    return await lockfile.lock(join(folder, `.own-${name}`), options);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ELOCKED") throw error;
    throw new LabError(
      `another command has a lab ${name} at this time, and would lose it: wait for its end, or give this one another name with --lab (if it was killed, wait 30 s)`,
    );
  }
}
