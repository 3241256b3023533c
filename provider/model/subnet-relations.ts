import { isIpv6 } from "./address";
import { addressOf } from "./allocation";
import type { MachineNetworkArgs, MachineSubnetArgs } from "./args";
import { contains, overlap, parseNetwork, type Network } from "./cidr";
import { knownMode } from "./known-mode";
import { modeRules } from "./modes/rules";
import type { Place } from "./read/place";
import { shown } from "./read/shown";
import { isKnown, isUnknown } from "./unknown";

/** Subnets of one machine so far, with their places. */
export type SeenSubnets = { network: Network; text: string; path: string }[];

/** What has to hold of the subnets that are routed into a machine, as far as it is known. */
export function subnetRelations(
  network: MachineNetworkArgs,
  host: string | undefined,
  seen: SeenSubnets,
  place: Place,
): void {
  const { subnets, addresses } = network;
  if (!Array.isArray(subnets) || subnets.length === 0) return;
  const refusal = modeRules[knownMode(network.mode)].noSubnets;
  if (refusal !== undefined) return place.refuse(refusal);
  if (Array.isArray(addresses) && addresses.every(isSettled) && !addresses.some(({ address }) => isIpv6(address)))
    place.refuse(
      "need an IPv6 address of the machine on the same network, through which they are routed: add one to addresses",
    );
  subnets.forEach((entry, index) => {
    if (isUnknown(entry)) return;
    const at = place.index(index);
    if (host !== undefined && isKnown(entry.host) && entry.host !== host)
      at.refuse(`${textOf(entry)} is on host ${shown(entry.host)}, the machine on ${shown(host)}; move one of the two`);
    if (isKnown(entry.subnet)) clashes(entry.subnet, network, seen, at);
  });
}

const isSettled = (entry: MachineNetworkArgs["addresses"][number]): boolean =>
  !isUnknown(entry) && isKnown(entry.address);

function clashes(text: string, { ipv6 }: MachineNetworkArgs, seen: SeenSubnets, at: Place): void {
  const network = parseNetwork(text);
  if (typeof network === "string") return;
  const own = isKnown(ipv6) ? addressOf(ipv6, 1) : undefined;
  if (own !== undefined && contains(network, own))
    at.key("subnet").refuse(`${text} has the host's own address ${own} in it; take another subnet`);
  const first = seen.find((other) => overlap(other.network, network));
  if (first !== undefined) at.key("subnet").refuse(`${text} overlaps with ${first.text}, ${first.path}`);
  else seen.push({ network, text, path: at.path });
}

/** What is routed into a machine for what is behind it is no address of the machine itself. */
export function addressesApart(networks: MachineNetworkArgs[], seen: SeenSubnets, place: Place): void {
  networks.forEach((network, index) => {
    if (isUnknown(network) || !Array.isArray(network.addresses)) return;
    network.addresses.forEach((entry, number) => {
      if (!isSettled(entry)) return;
      const around = seen.find((subnet) => contains(subnet.network, entry.address));
      if (around !== undefined)
        place
          .index(index)
          .key("addresses")
          .index(number)
          .key("address")
          .refuse(
            `${entry.address} is in the machine's own subnet ${around.text}, ${around.path}, which leads to what is behind the machine; give the machine an address outside of it`,
          );
    });
  });
}

const textOf = ({ subnet }: MachineSubnetArgs): string => (isKnown(subnet) ? subnet : "the subnet");
