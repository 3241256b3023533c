import { isIpv6 } from "../../model/address";
import type { MachineArgs } from "../../model/args";
import { machinePort } from "../../model/paths";
import type { PluggedNetwork } from "../../model/plugged";
import { firstOfEach, probesOf, type Way } from "../reach-probes";
import type { Step } from "../step";
import type { PlannedMode } from "./planned-mode";
import { planBridgeAlone } from "./routed";

/** The host leases IPv4 and translates it; IPv6 is routed, and reached from outside like anywhere. */
export const nat: PlannedMode = {
  planBridge: (args, desired, previous) => planBridgeAlone({ ...args, ipv4: undefined }, desired, previous),
  routed: true,
  shared: true,
  ready: ({ name: machine }, { inside, plug, addresses }) =>
    addresses
      .filter(({ address }) => !isIpv6(address))
      .slice(0, 1)
      .map(({ address }) => ({ verb: "await_lease", machine, inside, port: machinePort(plug), address })),
  probes,
  resolvers: ({ addresses }) => (addresses.some(({ address }) => isIpv6(address)) ? "46" : "4"),
};

/** By IPv4 from outside it has the host's ports alone. */
function probes(args: MachineArgs, network: PluggedNetwork): Step[] {
  const { ports = [] } = network;
  const translated = ports.slice(0, 4).map(({ protocol, host, machine }) => `${protocol}:${host}=${machine}`);
  const ways = firstOfEach(network).map(([family, address]): Way => ({
    ...{ entry: "uplink", family, address },
    ...(family === "ipv4" && { kinds: translated }),
  }));
  return probesOf(args, network, ways);
}
