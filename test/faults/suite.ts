import { nameOf, rowOf, type Fault } from "./fault";
import type { Dialect } from "./host";
import type { Lane } from "./lane";
import { withLanes } from "./lanes";
import { trial } from "./trial";
import { isGood, type Verdict } from "./verdict";

export interface SuiteOptions {
  lab: string;
  /** Hosts that are worked on at the same time. */
  lanes: number;
  /** What configures the uplink of hosts that are not on a LAN; absent: ifupdown by DHCP. */
  dialect?: Dialect;
  /** Called after each fault. */
  told: (verdict: Verdict) => void;
  progress: (text: string) => void;
}

/** Runs faults in a lab of its own, which is gone in the end. */
export async function runFaults(faults: readonly Fault[], options: SuiteOptions): Promise<Verdict[]> {
  const waiting = jobs(faults, options.lanes);
  const moves = waiting.filter(([fault]) => fault?.kind.moves === true).length;
  const lan = [...new Set(faults.flatMap(({ kind }) => kind.lan ?? []))];
  const lanes = Math.min(options.lanes, waiting.filter(([fault]) => fault?.kind.lan === undefined).length);
  const moving = Math.min(moves, Math.ceil(lanes / 3));
  return withLanes({ ...options, lanes, moving, lan }, (made) => work(made, waiting, options));
}

/** Seconds that a fault takes, about. */
const cost = ({ window }: Fault): number => (window === undefined ? 100 : 10);

/** Faults of one kind, as many as are worth what preparing a lane for it takes, and as leave no lane idle in the end. */
function jobs(faults: readonly Fault[], lanes: number): Fault[][] {
  const all = faults.reduce((sum, fault) => sum + cost(fault), 0);
  const most = Math.min(600, Math.max(60, all / lanes / 2));
  const result: Fault[][] = [];
  let spent = 0;
  for (const fault of faults) {
    const last = result.at(-1);
    if (last === undefined || last[0]?.kind !== fault.kind || spent >= most) {
      result.push([fault]);
      spent = 0;
    } else last.push(fault);
    spent += cost(fault);
  }
  return result;
}

/** Each lane takes the next job that it can do, until there is none. */
async function work(lanes: Lane[], waiting: Fault[][], { told, progress }: SuiteOptions): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  const next = (lane: Lane): Fault[] | undefined => {
    const able = waiting.filter(([fault]) => fault !== undefined && lane.serves(fault.kind));
    const job = able.find(([fault]) => fault?.kind.moves === true) ?? able[0];
    const index = job === undefined ? -1 : waiting.indexOf(job);
    return index < 0 ? undefined : waiting.splice(index, 1)[0];
  };
  const run = async (lane: Lane): Promise<void> => {
    // Booted once more: ifupdown says settings of the uplink at a boot that a first boot does not have.
    if (!(await restored(lane, progress))) return;
    for (let job = next(lane); job !== undefined; job = next(lane)) {
      while (job.length > 0) {
        const verdict = await survived(lane, job.shift() as Fault);
        verdicts.push(verdict);
        told(verdict);
        if (!isGood(verdict)) progress("putting the hosts back");
        if (!isGood(verdict) && !(await restored(lane, progress))) return void waiting.unshift(job);
      }
    }
  };
  await Promise.all(lanes.map(run));
  return verdicts;
}

/** A lane whose hosts cannot be put back ends, and the others do its work. */
async function restored(lane: Lane, progress: (text: string) => void): Promise<boolean> {
  try {
    await lane.restore();
    return true;
  } catch (error) {
    progress(`a lane ends: ${(error as Error).message}`);
    return false;
  }
}

/** A trial that could not be carried out counts as one that was not survived. */
async function survived(lane: Lane, fault: Fault): Promise<Verdict> {
  try {
    return await trial(lane, fault);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return {
      row: rowOf(fault),
      name: nameOf(fault),
      lockedOut: false,
      ended: "?",
      half: [],
      rest: [text],
      notes: ["no trial"],
    };
  }
}
