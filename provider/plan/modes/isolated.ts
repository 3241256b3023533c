import type { PlannedMode } from "./planned-mode";
import { planBridgeAlone } from "./routed";

/** Nobody outside reaches a machine there, and it reaches nobody. */
export const isolated: PlannedMode = {
  planBridge: (args, desired, previous) => planBridgeAlone({ ...args, ipv4: undefined }, desired, previous),
  routed: false,
  shared: false,
  ready: () => [],
  probes: () => [],
  resolvers: () => "",
};
