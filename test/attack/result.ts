import type { Outcome, Trial } from "./trial";

/** What came of one trial in one mode and combination; `combination` is absent for the control without isolation. */
export interface Result {
  trial: Trial;
  kind: "attack" | "legitimate";
  mode: string;
  combination: string | undefined;
  outcome: Outcome;
  good: boolean;
}
