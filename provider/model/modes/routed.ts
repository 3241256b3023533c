import { familyOf } from "../address";
import { addressOf } from "../allocation";
import type { MachineNetworkArgs } from "../args";
import { isPrivateAddress } from "../private-address";
import { isKnown } from "../unknown";
import { outsideLan } from "./lan";
import { noLeases, onlyTransparent, type ModeRules } from "./rule";

/** The host routes to the machines. */
export const routed: ModeRules = {
  reachedBy: "anybody",
  bridge(args, place) {
    onlyTransparent(args, place);
    noLeases(args, place);
  },
  noVxlan:
    'needs mode: "isolated" (got "routed"): the host routes to each machine, whose address is reached from other hosts as it is; add a second network for what they have among themselves',
  network({ isPrivate, subnets }, place) {
    if (isPrivate === true && Array.isArray(subnets) && subnets.length > 0)
      place
        .key("subnets")
        .refuse("are IPv6, which Hetzner's private networks do not have; use a second network for them");
  },
  clash: ({ address }, network) =>
    (network.isPrivate === true ? clashInPrivate(address, network) : undefined) ?? clashWithHost(address, network),
};

function clashInPrivate(address: string, { lan4 }: MachineNetworkArgs): string | undefined {
  if (familyOf(address) === "ipv6")
    return `${address} is IPv6, which Hetzner's private networks do not have; give the machine a second network for it`;
  if (!isPrivateAddress(address))
    return `${address} is not a private address, and a bridge with privateNetwork routes no other; use a second network for it`;
  return lan4 === undefined ? undefined : outsideLan(address, lan4);
}

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
