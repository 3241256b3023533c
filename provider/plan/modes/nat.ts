import { isIpv6 } from "../../model/address";
import { reachProbes } from "../reach-probes";
import type { PlannedMode } from "./planned-mode";
import { planBridgeAlone } from "./routed";

/** The host leases IPv4 and translates it; IPv6 is routed, and reached from outside like anywhere. */
export const nat: PlannedMode = {
  planBridge: (args, desired, previous) => planBridgeAlone({ ...args, ipv4: undefined }, desired, previous),
  routed: true,
  shared: true,
  ready: ({ name: machine }, { inside }) => [{ verb: "await_lan", machine, inside, families: "4" }],
  probes: (args, network) =>
    reachProbes(args, { ...network, addresses: network.addresses.filter(({ address }) => isIpv6(address)) }),
  resolvers: ({ addresses }) => (addresses.some(({ address }) => isIpv6(address)) ? "46" : "4"),
};
