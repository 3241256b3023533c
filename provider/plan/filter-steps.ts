import type { BridgeArgs, MachineArgs } from "../model/args";
import { knownIsolation } from "../model/known-mode";
import type { Isolation } from "../model/mode";
import type { Step } from "./step";

/** The filter is loaded with its file, and goes while nft is still there. */
export const filterPrune = ({ bridge, isolation }: BridgeArgs): Step[] => prunes[knownIsolation(isolation)](bridge);

const prunes: Record<Isolation, (bridge: string) => Step[]> = {
  none: (bridge) => [{ verb: "unload_filter", bridge }, { verb: "prune" }],
  tenant: (bridge) => [{ verb: "prune" }, { verb: "filter", bridge }],
};

/** The filter of a bridge that has one, or had: it knows the machine before it starts. */
export function filterSteps({ networks }: Pick<MachineArgs, "networks">): Step[] {
  return networks.map(({ bridge }) => ({ verb: "filter", bridge }));
}
