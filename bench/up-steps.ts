import type { Step } from "./step";
import { traffic } from "./traffic";
import type { World } from "./world";

async function timed(work: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1000;
}

async function raw(world: World, side: string, machines: number): Promise<void> {
  const names = world.names(machines);
  await world.lab.settle();
  const seconds = await timed(async () => {
    await world.raw.up(names);
    await world.answering(machines);
  });
  world.samples.add(side, seconds);
  await world.raw.down(names);
}

async function ours(world: World, figure: string, machines: number, keep: boolean): Promise<void> {
  const file = world.lab.traceFile(figure);
  await world.lab.settle();
  const seconds = await timed(async () => {
    await world.ours.up(machines, { NSPAWN_TRACE_FILE: file });
    await world.answering(machines);
  });
  world.samples.add(`${figure}/ours`, seconds);
  const { connections, roundTrips } = traffic(file);
  world.samples.add(`${figure}/connections`, connections);
  world.samples.add(`${figure}/round-trips-per-machine`, roundTrips / machines);
  if (!keep) await world.ours.up(0);
}

async function floor(world: World, side: string, machines: number, keep: boolean): Promise<void> {
  world.samples.add(side, await world.floor.up(machines));
  if (!keep) await world.floor.up(0);
}

/** `up` of so many machines by the three sides in turn; after the last run ours and the floor keep them if asked to. */
export function upSteps(world: World, machines: number, runs: number, keep: boolean): Step[] {
  const figure = `up-${machines}`;
  const steps: Step[] = [];
  for (let run = 1; run <= runs; run++) {
    const stays = keep && run === runs;
    const what = (side: string) => `up of ${machines}, run ${run} of ${runs}: ${side}`;
    steps.push(
      { what: what("raw work"), seconds: 4 + 3 * machines, run: () => raw(world, `${figure}/raw`, machines) },
      { what: what("engine"), seconds: 10, run: () => floor(world, `${figure}/floor`, machines, stays) },
      { what: what("ours"), seconds: 14 + 4 * machines, run: () => ours(world, figure, machines, stays) },
    );
  }
  return steps;
}
