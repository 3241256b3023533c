import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Scene } from "./scene";
import type { Outcome, Seen, Trial } from "./trial";

/** What is sent has arrived, also on a busy machine. */
const settled = 200;

/** Carries out a trial and looks at the victim, never at rules. `control`: with what weakens the host for it. */
export async function judge(scene: Scene, trial: Trial, control = false): Promise<Outcome> {
  const mark = `~${randomBytes(4).toString("hex")}~`;
  const weaken = control ? trial.weaken : undefined;
  if (weaken !== undefined) await scene.run("host", weaken.script, mark);
  try {
    await prepare(scene, trial);
    const done = await act(scene, trial, mark, control);
    await sleep(trial.frames === undefined && trial.seen === undefined ? 0 : settled);
    if (await worked(scene, trial, mark, done)) return "works";
    return (await came(scene, trial.seen, mark)) ? "seen" : "nothing";
  } finally {
    if (weaken !== undefined) await scene.run("host", weaken.undo, mark);
  }
}

async function prepare(scene: Scene, { name, before = [] }: Trial): Promise<void> {
  for (const { at, script } of before) {
    const { code, out } = await scene.run(at, script);
    if (code !== 0) throw new Error(`${name}: at ${at}, exit code ${code}: ${script}\n${out}`);
  }
}

/** Whether the trial's own script succeeded. */
async function act(scene: Scene, trial: Trial, mark: string, control: boolean): Promise<boolean> {
  if (trial.frames !== undefined) {
    const { frames: expression, from = "a", times, every, network = scene.mode.tunnel?.id } = trial;
    await scene.send(from, { expression, mark, times, every, ...(from === "peer" ? { tunnel: network } : {}) });
    return false;
  }
  const at = (control ? trial.controlAt : undefined) ?? trial.at ?? "a";
  return (await scene.run(at, trial.script ?? "false", mark)).code === 0;
}

async function worked(scene: Scene, { works }: Trial, mark: string, done: boolean): Promise<boolean> {
  if (works === undefined) return done;
  return (await scene.run(works.at, works.if, mark)).code === 0;
}

async function came(scene: Scene, seen: Seen | undefined, mark: string): Promise<boolean> {
  if (seen === undefined) return false;
  const { at, least = 1 } = seen;
  const { sight, uplink } = scene.world.HOST;
  const onHost: Record<string, string> = { bridge: sight, uplink: `${uplink} out`, program: "delivered in" };
  const where = onHost[at];
  const counts = await scene.seen(where === undefined ? at : "host", mark);
  return (counts[where ?? `${insideOf(scene, at)} in`] ?? 0) >= least;
}

const insideOf = ({ mode }: Scene, machine: string): string => mode.inside?.(machine) ?? "host0";

/** The same without isolation: tried again when the machine was too busy, and what it left is put right. */
export async function control(scene: Scene, trial: Trial): Promise<Outcome> {
  let outcome = await judge(scene, trial, true);
  const hoped = trial.works === undefined && trial.seen !== undefined ? "seen" : "works";
  if (outcome !== hoped && trial.harmless === undefined) outcome = better(outcome, await judge(scene, trial, true));
  if (outcome !== "nothing") {
    if (trial.undo !== undefined) await scene.run(trial.undo.at, trial.undo.if);
    if (trial.works !== undefined && outcome === "works") await scene.prime();
  }
  return outcome;
}

const order: readonly Outcome[] = ["nothing", "seen", "works"];
const better = (one: Outcome, other: Outcome): Outcome => (order.indexOf(one) > order.indexOf(other) ? one : other);
