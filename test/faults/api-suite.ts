import { apiChanges, atFirst, type ApiFault } from "./api-fault";
import { ApiLane } from "./api-lane";
import { onInterrupt } from "./interrupt";
import type { Verdict } from "./verdict";

/** Runs the API's faults, one after the other, in a lab of their own, which is gone in the end. */
export async function runApiFaults(
  faults: readonly ApiFault[],
  options: { lab: string; told: (verdict: Verdict) => void; progress: (text: string) => void },
): Promise<Verdict[]> {
  if (faults.length === 0) return [];
  const lane = new ApiLane(`${options.lab}-api`);
  const verdicts: Verdict[] = [];
  const forget = onInterrupt(() => lane.end());
  try {
    options.progress("making the stack for the API's faults");
    await lane.start();
    for (const fault of faults) {
      const before = apiChanges[apiChanges.indexOf(fault.change) - 1]?.spec ?? atFirst;
      const verdict = await lane
        .bring(before)
        .then(() => lane.trial(fault))
        .catch((error: Error) => broken(fault, error));
      verdicts.push(verdict);
      options.told(verdict);
    }
    return verdicts;
  } finally {
    forget();
    await lane.end();
  }
}

function broken({ name, change }: ApiFault, error: Error): Verdict {
  const none = { lockedOut: false, ended: "?" as const, half: [], notes: ["no trial"] };
  return { row: change.name, name, ...none, rest: [error.message] };
}
