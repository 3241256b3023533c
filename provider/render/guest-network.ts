import type { MachineNetworkArgs } from "../model/args";
import { asPrefix, familyOf, isIpv6 } from "../model/address";
import type { PluggedNetwork } from "../model/plugged";
import { privateRangeOf } from "../model/private-address";
import { linkLocalOf } from "../model/mac-address";
import { UNKNOWN, isUnknown } from "../model/unknown";
import type { GuestWays } from "./guest-ways";
import { routerSections, subnetsOf } from "./guest-subnets";
import { type Section, ini } from "./ini";
import { items } from "./items";

/**
 * The guest's own systemd.network(5) file, which takes the place of the stock one of the same name: addresses of one
 * host each, the gateway on link. S1.34–S1.37, S1R.08, without their invalid masks and their order of commands.
 */
export function routedGuest(network: PluggedNetwork, mac: string | undefined, ways: GuestWays): string {
  const [addresses, subnets] = [addressesOf(network), subnetsOf(network)];
  if ([...addresses, ...subnets].includes(UNKNOWN)) return UNKNOWN;
  if (network.isPrivate === true && isUnknown(network.gateway4)) return UNKNOWN;
  const ipv4 = addresses.filter((address) => !isIpv6(address));
  const ipv6 = addresses.filter(isIpv6);
  return ini([
    ["Match", { Virtualization: mac === undefined ? "container" : undefined, Name: network.inside }],
    linkOf(network, mac),
    [
      "Network",
      {
        // Without a filter in the words of older versions, as they stand in state; with it nobody would see LLDP.
        ...(mac === undefined && { DHCP: "no" }),
        IPv6AcceptRA: "no",
        ...(mac === undefined && { LinkLocalAddressing: "ipv6", LLDP: "yes", EmitLLDP: "customer-bridge" }),
      },
    ],
    ...fixedAddresses([...ipv4, ...ipv6]),
    ...wayOut(ipv4, { Gateway: network.gateway4, GatewayOnLink: "yes" }, ways.ipv4, ways.table),
    ...privateWay(network, ipv4, ways),
    ...wayOut(ipv6, { Gateway: "fe80::1" }, ways.ipv6, ways.table),
    ...routerSections(subnets, ways.ipv6 === "own" ? ways.table : undefined),
  ]);
}

/** To private addresses also where the default route is elsewhere; of two private networks to those of the first. */
function privateWay({ isPrivate, gateway4 = "", index }: PluggedNetwork, ipv4: string[], ways: GuestWays): Section[] {
  if (isPrivate !== true || ways.ipv4 === "default" || ipv4.length === 0) return [];
  const route = { Destination: privateRangeOf(gateway4), Gateway: gateway4, GatewayOnLink: "yes" };
  return [["Route", { ...route, PreferredSource: ipv4[0], Metric: String(1000 + index) }]];
}

/** Of one host each; IPv6 is unique by its allocation, so nobody has to be asked. */
export const fixedAddresses = (addresses: string[]): Section[] =>
  addresses.map((address) => [
    "Address",
    { Address: asPrefix(address), DuplicateAddressDetection: isIpv6(address) ? "none" : undefined },
  ]);

/** The route out of some addresses: for everything, or in a table of its own for what comes from them. */
export function wayOut(
  addresses: string[],
  route: Record<string, string | undefined>,
  way: "default" | "own",
  table: number,
): Section[] {
  if (addresses.length === 0) return [];
  if (way === "default") return [["Route", { ...route, PreferredSource: first(addresses) }]];
  return [["Route", { ...route, Table: String(table) }], ...rulesFrom(addresses.map(asPrefix), table)];
}

const rulesFrom = (sources: string[], table: number): Section[] =>
  sources.map((source) => ["RoutingPolicyRule", { From: source, Table: String(table) }]);

export const linkOf = ({ mtu }: MachineNetworkArgs, mac: string | undefined): Section => [
  "Link",
  { MACAddress: mac, MTUBytes: mtu?.toString() },
];

/**
 * A guest on the LAN itself: what is not given comes by DHCP and SLAAC, both by the MAC address, which is the same after
 * each start, S2.12. A given IPv6 address is one of its own; the way to its neighbours and out is advertised all the same.
 * Where the default route is elsewhere, the LAN's routers get only the answers of addresses that are known to be the LAN's.
 */
export function lanGuest(network: PluggedNetwork, mac: string | undefined, ways: GuestWays): string {
  const addresses = addressesOf(network);
  if (addresses.includes(UNKNOWN)) return UNKNOWN;
  const ipv4 = addresses.filter((address) => !isIpv6(address));
  const ipv6 = addresses.filter(isIpv6);
  const { lan4 } = network;
  const length = lan4?.network.split("/")[1];
  const [noGateway4, noGateway6] = [ways.ipv4, ways.ipv6].map((way) => (way === "own" ? "no" : undefined));
  return ini([
    ["Match", { Virtualization: "container", Name: network.inside }],
    linkOf(network, mac),
    [
      "Network",
      {
        DHCP: ipv4.length === 0 ? "ipv4" : "no",
        IPv6AcceptRA: "yes",
        LinkLocalAddressing: "ipv6",
        LLDP: "yes",
        EmitLLDP: "customer-bridge",
      },
    ],
    ["DHCPv4", ipv4.length === 0 ? { ClientIdentifier: "mac", UseGateway: noGateway4 } : {}],
    [
      "IPv6AcceptRA",
      { Token: "eui64", UseAutonomousPrefix: ipv6.length === 0 ? undefined : "no", UseGateway: noGateway6 },
    ],
    ...ipv4.map((address): Section => ["Address", { Address: `${address}/${length}` }]),
    ...ipv6.map((address): Section => ["Address", { Address: asPrefix(address) }]),
    ...lanWayOut(network, ipv4, ways),
  ]);
}

/** A guest that reaches its neighbours alone: addresses of the network that they share, and no router. */
export function isolatedGuest(network: PluggedNetwork, mac: string | undefined): string {
  const addresses = addressesOf(network);
  if (addresses.includes(UNKNOWN)) return UNKNOWN;
  const { inside, lan4, lan6 } = network;
  const lengths = { ipv4: lan4?.network.split("/")[1] ?? "32", ipv6: lan6?.split("/")[1] ?? "128" };
  return ini([
    ["Match", { Virtualization: "container", Name: inside }],
    linkOf(network, mac),
    ["Network", { DHCP: "no", IPv6AcceptRA: "no", LinkLocalAddressing: "ipv6", LLMNR: "no", MulticastDNS: "no" }],
    ...addresses.map((address): Section => [
      "Address",
      { Address: `${address}/${lengths[familyOf(address)]}`, DuplicateAddressDetection: "none" },
    ]),
  ]);
}

/** A lease brings its route itself. */
function lanWayOut({ lan4 }: PluggedNetwork, ipv4: string[], ways: GuestWays): Section[] {
  if (ways.ipv4 === "default" || lan4 === undefined) return wayOut(ipv4, { Gateway: lan4?.gateway }, "default", 0);
  const route = { Gateway: lan4.gateway, GatewayOnLink: "yes", Table: String(ways.table) };
  return [["Route", route], ...rulesFrom([lan4.network], ways.table)];
}

/**
 * The bridge's drop-in with the routes to one machine, S1.21 and S1R.09. With a given MAC address they lead through its
 * link-local address, IPv4 too (RFC 5549), and that is a permanent neighbour: what the machine says of itself, or floods
 * the bridge with, changes nothing. The filter takes a port's addresses from here (filter-script.ts).
 *
 * @param subnets networks that lead through the machine; without a given MAC address by its first IPv6 address
 * @param leased addresses that the bridge's DHCP server gives to the machine alone
 */
export function bridgeDropIn(
  addresses: readonly string[],
  subnets: readonly string[],
  mac: string | undefined,
  leased: readonly string[],
): string {
  const gateway = mac === undefined ? undefined : linkLocalOf(mac);
  return ini([
    ...addresses.map((address): Section => [
      "Route",
      {
        Destination: asPrefix(address),
        Gateway: gateway,
        Scope: isIpv6(address) || gateway !== undefined ? undefined : "link",
      },
    ]),
    ...subnets.map((Destination): Section => [
      "Route",
      {
        Destination,
        Gateway: gateway ?? throughOf(addresses),
        GatewayOnLink: gateway === undefined ? "yes" : undefined,
      },
    ]),
    ...leased.flatMap((address): Section[] => [
      ["DHCPServerStaticLease", { MACAddress: mac, Address: address }],
      ["Neighbor", { Address: address, LinkLayerAddress: mac }],
    ]),
    ["Neighbor", gateway === undefined ? {} : { Address: gateway, LinkLayerAddress: mac }],
  ]);
}

/** The address of a machine through which its subnets are routed, where its link-local one is not known. */
export const throughOf = (addresses: readonly string[]): string | undefined => addresses.find(isIpv6);

/** All addresses of a network, in order; unknown ones as the sentinel. */
export function addressesOf(network: MachineNetworkArgs): string[] {
  return items(network.addresses).map((entry) => (isUnknown(entry) ? UNKNOWN : entry.address));
}

/** With several addresses, connections out come from the first. */
function first(addresses: string[]): string | undefined {
  return addresses.length > 1 ? addresses[0] : undefined;
}
