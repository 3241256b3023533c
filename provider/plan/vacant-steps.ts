import type { Draft } from "./draft";
import type { Step } from "./step";

/** The step that refuses addresses which are the host's own; it comes before every change. */
export function vacantSteps(draft: Draft, addresses: string[] = []): Step[] {
  if (addresses.length === 0) return [];
  return [{ verb: "vacant", addresses: draft.text(addresses.map((address) => `${address}\n`).join("")) }];
}
