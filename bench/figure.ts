import type { Result } from "./result";
import { spread } from "./spread";

interface Compared {
  /** Seconds when absent. */
  unit?: "s" | "ms";
  ours: readonly number[];
  /** Of the same runs, in the same order. */
  reference: readonly number[];
  goal: number;
  note: string;
}

interface Counted {
  unit: "bytes" | "count";
  values: readonly number[];
  goal: number;
  note: string;
}

/** A time beside the time of a reference that was measured in turn with it. */
export function compared({ unit = "s", ours, reference, goal, note }: Compared): Result {
  if (ours.length !== reference.length) throw new Error(`${ours.length} runs of ours, ${reference.length} beside it`);
  const ratio = spread(ours.map((seconds, index) => seconds / (reference[index] ?? NaN)));
  const both = { ours: spread(ours), reference: spread(reference), ratio };
  return {
    unit,
    ours: both.ours.median,
    reference: both.reference.median,
    ratio: ratio.median,
    goal,
    met: ratio.median <= goal,
    runs: ours.length,
    note,
    spread: both,
  };
}

/** A size or a number of events with a limit of its own: the largest one counts. */
export function counted({ unit, values, goal, note }: Counted): Result {
  const ours = spread(values);
  return {
    unit,
    ours: ours.median,
    reference: null,
    ratio: null,
    goal,
    met: ours.max <= goal,
    runs: values.length,
    note,
    spread: { ours, reference: null, ratio: null },
  };
}
