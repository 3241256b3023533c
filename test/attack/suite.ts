import { FaultLab } from "../faults/lab";
import type { Combination } from "./combination";
import { attackFiles } from "./files/suite";
import { control, judge } from "./judge";
import { attacks, fitting, legitimate } from "./list";
import type { Isolation, Mode } from "./mode";
import { Scene } from "./scene";
import type { Result } from "./result";
import type { Trial } from "./trial";

export interface SuiteOptions {
  lab: string;
  modes: readonly Mode[];
  combinations: readonly Combination[];
  /** Which trials. */
  chosen: (trial: Trial) => boolean;
  /** `none`: the controls alone. */
  isolation: Isolation;
  /** How often each race for a file of the host is run. */
  tries: number;
  progress: (text: string) => void;
  told: (result: Result) => void;
}

/** Ctrl-C leaves nothing behind. */
function onInterrupt(lab: FaultLab): () => void {
  const remove = (signal: NodeJS.Signals): void => {
    process.stderr.write("\nremoving the lab …\n");
    void lab.down().finally(() => process.exit(signal === "SIGINT" ? 130 : 143));
  };
  process.once("SIGINT", remove).once("SIGTERM", remove);
  return () => void process.off("SIGINT", remove).off("SIGTERM", remove);
}

/** Gives work a scene of a mode in a lab of its own, which is gone in the end. */
export async function withScenes(
  name: string,
  progress: (text: string) => void,
  work: (open: (mode: Mode) => Promise<Scene>) => Promise<void>,
): Promise<void> {
  const lab = new FaultLab(name);
  const forget = onInterrupt(lab);
  const scenes: Scene[] = [];
  try {
    progress("making the lab");
    await lab.up();
    await work(async (mode) => {
      const scene = await Scene.open(lab, mode, progress);
      scenes.push(scene);
      return scene;
    });
  } finally {
    for (const scene of scenes) scene.close();
    forget();
    await lab.down();
  }
}

/** Runs attacks and legitimate traffic, first without isolation, then with it in each combination. */
export async function runAttacks(options: SuiteOptions): Promise<Result[]> {
  const results: Result[] = [];
  const note = (result: Result): void => {
    results.push(result);
    options.told(result);
  };
  await withScenes(options.lab, options.progress, async (open) => {
    for (const mode of options.modes) {
      const combinations = options.combinations.filter(({ name }) => mode.combinations.includes(name));
      if (combinations.length === 0) continue;
      const scene = await open(mode);
      if (mode.files === true) {
        await files(scene, options, note);
        continue;
      }
      await controls(scene, { ...options, combinations }, note);
      if (options.isolation === "tenant")
        for (const combination of combinations) await attack(scene, combination, options, note);
      scene.close();
    }
  });
  return results;
}

async function files(scene: Scene, options: SuiteOptions, note: (result: Result) => void): Promise<void> {
  await scene.bring({ name: "plain" }, "tenant");
  const controlsAlone = options.isolation === "none";
  await attackFiles(scene, { ...options, controlsAlone }, note);
  scene.close();
}

/** One set of machines for all controls: each attack once. */
async function controls(
  scene: Scene,
  { combinations, chosen, progress }: SuiteOptions,
  note: (result: Result) => void,
): Promise<void> {
  const mode = scene.mode.name;
  progress(`${mode}: without isolation`);
  const some = (what: "twoBridges" | "subnets"): boolean => combinations.some((each) => each[what] === true);
  await scene.bring({ name: "none", twoBridges: some("twoBridges"), subnets: some("subnets") }, "none");
  const names = combinations.map(({ name }) => name);
  for (const trial of fitting(attacks, mode, names).filter(chosen)) {
    const outcome = await control(scene, trial);
    note({
      trial,
      kind: "attack",
      mode,
      combination: undefined,
      outcome,
      good: outcome !== "nothing" || trial.harmless !== undefined,
    });
  }
}

async function attack(
  scene: Scene,
  combination: Combination,
  { chosen, progress }: SuiteOptions,
  note: (result: Result) => void,
): Promise<void> {
  const mode = scene.mode.name;
  progress(`${mode}, ${combination.name}: with isolation`);
  await scene.bring(combination, "tenant");
  const at = { mode, combination: combination.name };
  for (const trial of fitting(legitimate, mode, [combination.name]).filter(chosen)) {
    const outcome = await judge(scene, trial);
    note({ trial, kind: "legitimate", ...at, outcome, good: outcome !== "nothing" });
  }
  for (const trial of fitting(attacks, mode, [combination.name]).filter(chosen)) {
    const outcome = await judge(scene, trial);
    note({ trial, kind: "attack", ...at, outcome, good: outcome === "nothing" });
  }
}
