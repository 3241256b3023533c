import type { Draft } from "./draft";
import type { Step } from "./step";

/** Steps that refuse subnets with addresses of others in them, and those for which a router would ask in vain. */
export function subnetSteps(draft: Draft, subnets: string[] = []): Step[] {
  if (subnets.length === 0) return [];
  const text = draft.text(linesOf(subnets));
  return [
    { verb: "vacant_subnets", subnets: text },
    { verb: "delegated", subnets: text },
  ];
}

export const linesOf = (values: string[]): string => values.map((value) => `${value}\n`).join("");

/** The step that refuses addresses which are the host's own; it comes before every change. */
export function vacantSteps(draft: Draft, addresses: string[] = []): Step[] {
  if (addresses.length === 0) return [];
  return [{ verb: "vacant", addresses: draft.text(linesOf(addresses)) }];
}
