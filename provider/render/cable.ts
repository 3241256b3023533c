import { cableLine } from "../model/fact/cable";
import { machinePort } from "../model/paths";
import { bridgeLinkLocal, gatewayAddress, givenAloneUnheard } from "./bridge";
import { ini } from "./ini";

/**
 * systemd.network(5) of the host's end of a machine's own cable: the machines' gateway, and nothing else; a drop-in has
 * the routes (guest-network.ts). It sorts before systemd's stock file for such cables, which would give them a network of
 * its own and translate (network-facts 3b). The host's IPv4 address, which guests ask for, stays on the bridge.
 */
export function cableNetwork(plug: string, mtu?: number): string {
  return ini([
    ["Match", { Name: machinePort(plug, "veth") }],
    ["Link", { RequiredForOnline: "no", MTUBytes: mtu?.toString() }],
    ["Network", givenAloneUnheard],
    gatewayAddress,
  ]);
}

/** Among the live facts: it has the gateway's address and no other. */
export const cableFact = (plug: string, mtu?: number): string =>
  cableLine({ name: machinePort(plug, "veth"), up: true, addresses: [bridgeLinkLocal], mtu });
