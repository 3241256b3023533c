import { familyOf } from "../model/address";
import type { BridgeArgs, MachineArgs } from "../model/args";
import { machinePort } from "../model/paths";
import type { Traffic } from "./netfilter/traffic";

/** The traffic of all machines of a network. */
export function trafficOfBridge({ bridge, attach, mode, ipv4, ipv6 }: BridgeArgs): Omit<Traffic, "uplink"> {
  const bridged = mode === "transparent";
  return {
    link: attach === "veth" ? "ve-*" : bridge,
    families: [
      ...(ipv4 !== undefined || bridged ? (["ipv4"] as const) : []),
      ...(ipv6 !== undefined || bridged ? (["ipv6"] as const) : []),
    ],
    bridged,
  };
}

/** The traffic of one machine; `undefined` without a network. */
export function trafficOfMachine({ name, networks }: MachineArgs): Omit<Traffic, "uplink"> | undefined {
  const [network] = networks;
  if (network === undefined) return undefined;
  const bridged = network.mode === "transparent";
  const addresses = network.addresses.map(({ address }) => address);
  return {
    link: network.attach === "veth" ? machinePort(name, "veth") : network.bridge,
    families: (["ipv4", "ipv6"] as const).filter(
      (family) => bridged || addresses.some((address) => familyOf(address) === family),
    ),
    bridged,
    addresses,
  };
}
