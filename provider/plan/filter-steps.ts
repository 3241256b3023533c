import type { BridgeArgs, MachineArgs } from "../model/args";
import type { Desired } from "../model/desired";
import type { Step } from "./step";

/** The filter is loaded with its file, and goes while nft is still there. */
export const filterPrune = ({ bridge }: BridgeArgs, { live }: Desired): Step[] =>
  live.filter === undefined
    ? [{ verb: "unload_filter", bridge }, { verb: "prune" }]
    : [{ verb: "prune" }, { verb: "filter", bridge }];

/** The filter of a bridge that has one, or had: it knows the machine before it starts. */
export function filterSteps({ networks }: Pick<MachineArgs, "networks">): Step[] {
  return networks.map(({ bridge }) => ({ verb: "filter", bridge }));
}
