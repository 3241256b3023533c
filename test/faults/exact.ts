import type { Properties } from "../support/driver";
import { Gate } from "./gate";
import type { FaultKind } from "./kind";
import { kinds } from "./kinds";
import type { Lane } from "./lane";
import { withLanes } from "./lanes";
import { programsOf } from "./programs";
import { random } from "./random";
import { plantStrays, removeStrays } from "./strays";

/** A random change that fails at its last step, and what then is not as it was before. */
export interface Attempt {
  name: string;
  /** Empty when the rollback was exact. */
  differing: string[];
}

interface Draw {
  kind: FaultKind;
  from: 0 | 1;
  /** For the arguments. */
  seed: number;
}

/** By kind, so that a lane does not change its kind each time. */
function draws(count: number, seed: number): Draw[] {
  const next = random(seed);
  const able = kinds.filter(({ vary }) => vary !== undefined);
  return Array.from({ length: count }, (): Draw => {
    const kind = able[Math.floor(next() * able.length)];
    if (kind === undefined) throw new Error("no kind can vary");
    return { kind, from: next() < 0.5 ? 0 : 1, seed: Math.floor(next() * 2 ** 31) };
  }).sort((a, b) => able.indexOf(a.kind) - able.indexOf(b.kind) || a.from - b.from);
}

function target({ kind, from, seed }: Draw, lane: Lane): Properties | undefined {
  const next = random(seed);
  if (from === 1 && kind.removable === true && next() < 0.3) return undefined;
  return kind.vary?.(lane.site, next);
}

/** The last step of the transaction: everything is applied, nothing is committed. */
async function lastBoundary(draw: Draw, lane: Lane, args: Properties | undefined): Promise<number> {
  const { handlers, states } = draw.kind;
  const [sent] = await programsOf(handlers, states[draw.from](lane.site), args);
  const index = sent?.verbs.findIndex((verb) => verb === "confirm" || verb === "commit") ?? -1;
  if (index < 0) throw new Error(`${draw.kind.name}: the program has no transaction`);
  return index + 1;
}

async function attempt(lane: Lane, draw: Draw): Promise<Attempt> {
  const { kind, from, seed } = draw;
  const name = `${kind.name}, from its ${from === 0 ? "first" : "second"} state, seed ${seed}`;
  await lane.bring(kind, from);
  const args = target(draw, lane);
  const boundary = await lastBoundary(draw, lane, args);
  const host = lane.host("one");
  const gate = new Gate(host);
  const withStrays = kind.handlers === "nspawnMachine";
  if (withStrays) await host.sh(plantStrays(lane.site));
  const { differing, error } = await lane.tryOnce(kind, from, args, () => gate.arm(boundary, "fail"));
  if (withStrays) await host.sh(removeStrays(lane.site));
  const failed = gate.failed;
  gate.open();
  if (!failed) return { name, differing: [...differing, `its last step was not reached: ${error?.message}`] };
  return { name, differing };
}

/** `count` random changes, each of which has to leave nothing at all. */
export async function runExact(
  count: number,
  seed: number,
  options: {
    lab: string;
    lanes: number;
    told: (attempt: Attempt, done: number) => void;
    progress: (text: string) => void;
  },
): Promise<Attempt[]> {
  const waiting = draws(count, seed);
  const attempts: Attempt[] = [];
  const lanes = Math.min(options.lanes, count);
  const share = Math.ceil(count / lanes);
  const parts = Array.from({ length: lanes }, (_, index) => waiting.slice(index * share, (index + 1) * share));
  return withLanes({ ...options, lanes, moving: 0, lan: [] }, async (made) => {
    const run = async (lane: Lane, part: Draw[]): Promise<void> => {
      for (const draw of part) {
        const done = await attempt(lane, draw).catch((error: Error): Attempt => ({
          name: draw.kind.name,
          differing: [error.message],
        }));
        attempts.push(done);
        options.told(done, attempts.length);
        if (done.differing.length > 0) await lane.restore();
      }
    };
    await Promise.all(made.map((lane, index) => run(lane, parts[index] ?? [])));
    return attempts;
  });
}
