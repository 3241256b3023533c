import { copiesSteps } from "./copies-steps";
import { figures, many, type Source } from "./figures";
import { fill, idleSteps } from "./idle-steps";
import { stateBytes } from "./state-bytes";
import { isolationSteps } from "./isolation-steps";
import type { Step } from "./step";
import { upSteps } from "./up-steps";
import type { World } from "./world";

/** How often the short work and the work of many machines is repeated. */
export interface Runs {
  few: number;
  many: number;
}

function measureState(world: World): Step {
  const run = async () => {
    for (const bytes of stateBytes(await world.ours.export())) world.samples.add("state", bytes);
  };
  return { what: "state", seconds: 2, run };
}

/** All steps that the wanted figures need. */
export function plan(world: World, wanted: readonly string[], runs: Runs): Step[] {
  const needed = new Set<Source>(wanted.flatMap((name) => figures[name]?.source ?? []));
  const idle = (["preview", "refresh", "state"] as const).some((source) => needed.has(source));
  const steps = [...needed].every((source) => source === "isolation") ? [] : world.prepare(many);
  if (needed.has("up-1")) steps.push(...upSteps(world, 1, runs.few, false));
  if (needed.has("up-many")) steps.push(...upSteps(world, many, runs.many, idle));
  else if (idle) steps.push(fill(world, many));
  if (needed.has("preview")) steps.push(...idleSteps(world, "preview", many, runs.few));
  if (needed.has("state")) steps.push(measureState(world));
  if (needed.has("refresh")) steps.push(...idleSteps(world, "refresh", many, runs.few));
  if (needed.has("copies")) steps.push(...copiesSteps(world, many, runs.many));
  if (needed.has("isolation")) steps.push(...isolationSteps(world, wanted, runs.few));
  return steps;
}
