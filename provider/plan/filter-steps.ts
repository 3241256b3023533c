import type { BridgeArgs, MachineArgs } from "../model/args";
import type { Step } from "./step";

/** The filter is loaded with its file, and goes while nft is still there. */
export function filterPrune({ bridge, isolation }: BridgeArgs): Step[] {
  const prune: Step = { verb: "prune" };
  return isolation === "tenant" ? [prune, { verb: "filter", bridge }] : [{ verb: "unload_filter", bridge }, prune];
}

/** The filter of a bridge that has one, or had: it knows the machine before it starts. */
export function filterSteps({ networks }: Pick<MachineArgs, "networks">): Step[] {
  return networks.map(({ bridge }) => ({ verb: "filter", bridge }));
}
