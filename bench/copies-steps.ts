import { BenchStack } from "./bench-stack";
import type { Step } from "./step";
import type { World } from "./world";

const host = "host-2";

/** `up` of many machines on a host whose storage is a directory, so that each is a copy; in turn with ours. */
export function copiesSteps(world: World, machines: number, runs: number): Step[] {
  const env = { NSPAWN_BENCH_HOST: host, NSPAWN_BENCH_STORAGE: "directory" };
  const stack = new BenchStack(world.lab, "copies", env);
  const up = async (of: BenchStack, on: string): Promise<number> => {
    await world.lab.settle(on);
    const begun = performance.now();
    await of.up(machines);
    await world.lab.answering(Object.values(await of.output<Record<string, string>>("addresses")));
    const seconds = (performance.now() - begun) / 1000;
    await of.up(0);
    return seconds;
  };
  const prepare = async (): Promise<void> => {
    await stack.init();
    await stack.up(1);
    await stack.up(0);
  };
  const steps: Step[] = [{ what: "making a host whose machines are copies", seconds: 120, run: prepare }];
  for (let run = 1; run <= runs; run++) {
    const what = (side: string) => `up of ${machines}, run ${run} of ${runs}: ${side}`;
    steps.push(
      {
        what: what("copies"),
        seconds: 14 + 8 * machines,
        run: async () => world.samples.add("copies/copies", await up(stack, host)),
      },
      {
        what: what("snapshots"),
        seconds: 14 + 3 * machines,
        run: async () => world.samples.add("copies/snapshots", await up(world.ours, "host-1")),
      },
    );
  }
  return steps;
}
