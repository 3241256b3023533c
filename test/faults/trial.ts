import { setTimeout as sleep } from "node:timers/promises";
import { laterOn } from "./aftermath";
import { nameOf, nextBoot, rowOf, type Disturbance, type Fault } from "./fault";
import { Gate } from "./gate";
import type { FaultHost } from "./host";
import { injectors, type Injection, type Scene } from "./injectors";
import type { Lane } from "./lane";
import { lethalScript } from "./lethal";
import type { Outcome } from "./stack";
import type { Verdict } from "./verdict";

/** The library's own window, and what a host may take beyond it to be quiet: a busy machine is slow, a host that hangs is for ever. */
const defaultWindow = 90;
const beyondWindow = 600;

/** Brings a change to its boundary, disturbs it, judges what is left, and goes on to the new state. */
export async function trial(lane: Lane, fault: Fault): Promise<Verdict> {
  const begun = Date.now();
  await lane.bring(fault.kind, fault.from);
  const boots = fault.what === nextBoot;
  const { host, rebooted, answer, notes } = await (boots ? boot(lane, fault) : disturb(lane, fault));
  const login = await host.letsInWithin(rebooted ? 30 : 15);
  const verdict: Verdict = {
    row: rowOf(fault),
    name: nameOf(fault),
    lockedOut: login === undefined,
    login,
    ended: "?",
    half: [],
    rest: [],
    notes,
  };
  if (answer?.error !== undefined)
    verdict.notes.push(`answer: ${answer.error.code ?? ""} ${answer.error.message.slice(0, 300)}`);
  if (!verdict.lockedOut) {
    Object.assign(verdict, await lane.judge(fault));
    // What was confirmed before it booted is there, and no up is needed for it.
    const lost = boots && verdict.ended !== "new" ? [`after the boot it is at the ${verdict.ended} state`] : [];
    const left = lethalScript(fault.what) === undefined ? [] : await laterOn(lane.of(fault.kind));
    verdict.rest = [...lost, ...left, ...(await lane.converge(fault))];
  }
  return { ...verdict, seconds: (Date.now() - begun) / 1000 };
}

interface Disturbed {
  host: FaultHost;
  rebooted: boolean;
  answer: Outcome | undefined;
  notes: string[];
}

/** A whole change, and then the power is cut and comes back, of each host that it concerned. */
async function boot(lane: Lane, fault: Fault): Promise<Disturbed> {
  const answer = await lane.change(Object.assign(lane.provider(), { window: defaultWindow }), fault);
  for (const host of lane.of(fault.kind)) {
    await host.power("reset");
    await host.booted();
  }
  lane.endProvider();
  return { host: lane.host("one"), rebooted: true, answer, notes: [] };
}

async function disturb(lane: Lane, fault: Fault): Promise<Disturbed> {
  const host = lane.host(fault.host);
  const gate = new Gate(host);
  const provider = lane.provider();
  provider.window = fault.window;
  gate.arm(fault.boundary, "hold", fault.program);
  let answer: Outcome | undefined;
  const change = lane.change(provider, fault).then((outcome) => void (answer = outcome));
  try {
    if (!(await gate.reached(() => answer !== undefined))) {
      throw new Error(`${nameOf(fault)}: the boundary was not reached: ${JSON.stringify(answer)}`);
    }
    const { rebooted, lift } = await inject(fault.what, { host, provider });
    gate.open();
    const quiet = await host.quietWithin((fault.window ?? defaultWindow) + beyondWindow);
    await lift();
    await Promise.race([change, sleep(60_000)]);
    const notes = [
      ...(quiet ? [] : ["the host was still at work"]),
      ...(answer ? [] : ["the provider did not answer"]),
    ];
    for (const each of lane.all) await each.quietWithin(beyondWindow);
    return { host, rebooted, answer, notes };
  } finally {
    gate.open();
    lane.endProvider();
    await change;
  }
}

async function inject(what: Fault["what"], scene: Scene): Promise<Injection> {
  const script = lethalScript(what);
  if (script === undefined) return injectors[what as Disturbance](scene);
  await scene.host.sh(script);
  return { rebooted: false, lift: () => Promise.resolve() };
}
