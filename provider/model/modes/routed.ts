import { familyOf } from "../address";
import { addressOf } from "../allocation";
import type { MachineNetworkArgs } from "../args";
import { isKnown } from "../unknown";
import { onlyTransparent, type ModeRules } from "./rule";

/** The host routes to the machines. */
export const routed: ModeRules = {
  reachedBy: "anybody",
  bridge: onlyTransparent,
  noVxlan:
    'needs mode: "isolated" (got "routed"): the host routes to each machine, whose address is reached from other hosts as it is; add a second network for what they have among themselves',
  clash: ({ address }, network) => clashWithHost(address, network),
};

export function clashWithHost(address: string, network: MachineNetworkArgs): string | undefined {
  if (familyOf(address) === "ipv4") {
    if (network.gateway4 === undefined) return `an IPv4 address needs a host with IPv4 (got ${address})`;
    return network.gateway4 === address ? `${address} is the host's own address; a machine needs its own` : undefined;
  }
  if (!isKnown(network.ipv6)) return undefined;
  const [base] = network.ipv6.split("/");
  const own = addressOf(network.ipv6, 1);
  return address === base || address === own
    ? `${address} is the host's own address or its network's; a machine needs its own`
    : undefined;
}
