import { isIpv6 } from "../model/address";
import type { PluggedNetwork } from "../model/plugged";
import { UNKNOWN } from "../model/unknown";
import { addressesOf, fixedAddresses, linkOf, wayOut } from "./guest-network";
import { routerSections, subnetsOf } from "./guest-subnets";
import type { GuestWays } from "./guest-ways";
import { ini } from "./ini";

/** First number of tables that nothing reads. */
const unread = 2000;

/**
 * A guest whose IPv4 address is leased to its MAC address, and always the same one; IPv6 is routed, as anywhere. The lease
 * brings name servers and the time's as the bridge's DHCP server has them. Its route to the whole network goes where nobody looks
 * it up: ports are kept from each other, so the way to a neighbour is by the host as well, whose rules say who may reach whom.
 */
export function natGuest(network: PluggedNetwork, mac: string | undefined, ways: GuestWays): string {
  const [addresses, subnets] = [addressesOf(network), subnetsOf(network)];
  if ([...addresses, ...subnets].includes(UNKNOWN)) return UNKNOWN;
  const { inside, index, lan4 } = network;
  const ipv4 = addresses.filter((address) => !isIpv6(address));
  const ipv6 = addresses.filter(isIpv6);
  return ini([
    ["Match", { Name: inside }],
    linkOf(network, mac),
    ["Network", { DHCP: "ipv4", IPv6AcceptRA: "no" }],
    ["DHCPv4", { ClientIdentifier: "mac", UseGateway: "no", RouteTable: String(unread + index) }],
    ...fixedAddresses(ipv6),
    ...wayOut(ipv4, { Gateway: lan4?.gateway, GatewayOnLink: "yes" }, ways.ipv4, ways.table),
    ...wayOut(ipv6, { Gateway: "fe80::1" }, ways.ipv6, ways.table),
    ...routerSections(subnets, ways.ipv6 === "own" ? ways.table : undefined),
  ]);
}
