import type { Spread } from "./spread";

/** One figure as bench/results.json has it. */
export interface Result {
  unit: "s" | "ms" | "bytes" | "count";
  /** Median. */
  ours: number;
  /** Median of what it is compared with; null where the goal is a number of its own. */
  reference: number | null;
  /** Median over the runs of ours ÷ reference, both of the same run; null without a reference. */
  ratio: number | null;
  /** The largest ratio, or without a reference the largest value, that is good. From docs/performance.md. */
  goal: number;
  met: boolean;
  runs: number;
  note: string;
  spread: { ours: Spread; reference: Spread | null; ratio: Spread | null };
}
