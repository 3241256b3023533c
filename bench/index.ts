import { labDown } from "../lab";
import { openLab } from "../tools/lab-session";
import type { PackageOptions } from "../tools/packages";
import { figures } from "./figures";
import { plan, type Runs } from "./plan";
import type { Result } from "./result";
import { writeResults } from "./results-file";
import { runSteps } from "./run-steps";
import { table } from "./table";
import { World } from "./world";

/** Names of all figures, for `--only`. */
export const figureNames: readonly string[] = Object.keys(figures);

export interface BenchOptions {
  lab: string;
  /** Which figures. */
  only: readonly string[];
  runs: Runs;
  /** What is done about missing Debian packages. */
  packages: PackageOptions;
}

/** Ctrl-C leaves nothing behind: commands that run get it too, and end first. */
function onInterrupt(lab: string): () => void {
  const remove = (signal: NodeJS.Signals) => {
    process.stderr.write("\nremoving the lab …\n");
    void labDown({ name: lab }).finally(() => process.exit(signal === "SIGINT" ? 130 : 143));
  };
  process.once("SIGINT", remove).once("SIGTERM", remove);
  return () => void process.off("SIGINT", remove).off("SIGTERM", remove);
}

/** Measures in a lab of its own, which is gone in the end, and writes bench/results.json. */
export async function runBench({
  lab,
  only,
  runs,
  packages,
}: BenchOptions): Promise<{ results: Record<string, Result>; file: string; text: string }> {
  const forget = onInterrupt(lab);
  try {
    await labDown({ name: lab });
    await openLab(lab, packages);
    const world = new World(lab);
    await runSteps(plan(world, only, runs));
    const results = Object.fromEntries(
      Object.entries(figures)
        .filter(([name]) => only.includes(name))
        .map(([name, { result }]) => [name, result(world.samples)]),
    );
    return { results, file: writeResults(results), text: table(results) };
  } finally {
    forget();
    await labDown({ name: lab });
  }
}
