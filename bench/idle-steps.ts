import type { Step } from "./step";
import { traffic } from "./traffic";
import type { World } from "./world";

async function ours(world: World, kind: "preview" | "refresh", figure: string, machines: number): Promise<void> {
  const file = world.lab.traceFile(figure);
  world.samples.add(`${figure}/ours`, await world.ours[kind](machines, { NSPAWN_TRACE_FILE: file }));
  const { connections, roundTrips } = traffic(file);
  world.samples.add(`${figure}/connections`, connections);
  world.samples.add(`${figure}/round-trips`, roundTrips);
}

/** What costs nothing when nothing has changed, beside the engine with as many resources that do nothing. */
export function idleSteps(world: World, kind: "preview" | "refresh", machines: number, runs: number): Step[] {
  const figure = `${kind}-${machines}`;
  const steps: Step[] = [];
  for (let run = 1; run <= runs; run++) {
    const what = (side: string) => `${kind} of ${machines}, run ${run} of ${runs}: ${side}`;
    steps.push(
      {
        what: what("engine"),
        seconds: 4,
        run: async () => world.samples.add(`${figure}/floor`, await world.floor[kind](machines)),
      },
      { what: what("ours"), seconds: 5, run: () => ours(world, kind, figure, machines) },
    );
  }
  return steps;
}

/** The state that the steps above start from, where no measured run left it. */
export function fill(world: World, machines: number): Step {
  const run = async () => {
    await world.ours.up(machines);
    await world.floor.up(machines);
  };
  return { what: `making ${machines} machines`, seconds: 60, run };
}
