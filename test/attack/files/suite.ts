import type { Scene } from "../scene";
import type { Result } from "../result";
import type { Trial } from "../trial";
import { fileTrials } from "./list";
import { tryFiles } from "./run";
import type { FileTrial } from "./trial";

/**
 * Tries within which a race has to be won the old way, or it proves nothing. It ends at the first that is: a few, where the
 * machine has the processor half of the time, and many beside other labs.
 */
const controlTries = 2000;

const victim = "files of the host";
/** As the tables show it. */
export const shownFileTrials: readonly Trial[] = fileTrials.map(({ name }) => ({ name, victim }));

interface FilesOptions {
  chosen: (trial: Trial) => boolean;
  /** Of each race, with the script as it is. */
  tries: number;
  controlsAlone: boolean;
  progress: (text: string) => void;
}

/** Each attack on files of the host: first the old way, where it has to work, then with the script as it is. */
export async function attackFiles(
  scene: Scene,
  { chosen, tries, controlsAlone, progress }: FilesOptions,
  note: (result: Result) => void,
): Promise<void> {
  const mode = scene.mode.name;
  const told = (trial: FileTrial, combination: string | undefined, worked: boolean): void =>
    note({
      trial: { name: trial.name, victim },
      kind: "attack",
      mode,
      combination,
      outcome: worked ? "works" : "nothing",
      good: worked === (combination === undefined),
    });
  for (const trial of fileTrials.filter(({ name }) => chosen({ name, victim }))) {
    const before = await tryFiles(scene, trial, "old", controlTries);
    progress(`${trial.name}: the old way ${before.worked ? "lost" : "held"} within ${before.tries} tries`);
    told(trial, undefined, before.worked);
    if (controlsAlone) continue;
    const now = await tryFiles(scene, trial, "new", tries);
    progress(`${trial.name}: it ${now.worked ? "LOST" : "held"} within ${now.tries} tries`);
    told(trial, "plain", now.worked);
  }
}
