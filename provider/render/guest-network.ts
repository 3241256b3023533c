import type { MachineNetworkArgs } from "../model/args";
import { asPrefix, isIpv6 } from "../model/address";
import { linkLocalOf } from "../model/mac-address";
import { UNKNOWN, isUnknown } from "../model/unknown";
import { type Section, ini } from "./ini";
import { items } from "./items";

/**
 * The guest's own systemd.network(5) file, which takes the place of the stock one of the same name: addresses of one
 * host each, the gateway on link. S1.34–S1.37, S1R.08, without their invalid masks and their order of commands.
 */
export function routedGuest(network: MachineNetworkArgs, mac: string | undefined): string {
  const addresses = addressesOf(network);
  if (addresses.includes(UNKNOWN)) return UNKNOWN;
  const ipv4 = addresses.filter((address) => !isIpv6(address));
  const ipv6 = addresses.filter(isIpv6);
  return ini([
    ["Match", { Virtualization: mac === undefined ? "container" : undefined, Name: "host0" }],
    link(network, mac),
    [
      "Network",
      {
        // Without a filter in the words of older versions, as they stand in state; with it nobody would see LLDP.
        ...(mac === undefined && { DHCP: "no" }),
        IPv6AcceptRA: "no",
        ...(mac === undefined && { LinkLocalAddressing: "ipv6", LLDP: "yes", EmitLLDP: "customer-bridge" }),
      },
    ],
    ...ipv4.map((address): Section => ["Address", { Address: asPrefix(address) }]),
    ...ipv6.map((address): Section => ["Address", { Address: asPrefix(address), DuplicateAddressDetection: "none" }]),
    [
      "Route",
      ipv4.length === 0 ? {} : { Gateway: network.gateway4, GatewayOnLink: "yes", PreferredSource: first(ipv4) },
    ],
    ["Route", ipv6.length === 0 ? {} : { Gateway: "fe80::1", PreferredSource: first(ipv6) }],
  ]);
}

const link = ({ mtu }: MachineNetworkArgs, mac: string | undefined): Section => [
  "Link",
  { MACAddress: mac, MTUBytes: mtu?.toString() },
];

/**
 * A guest on the LAN itself: what is not given comes by DHCP and SLAAC, both by the MAC address, which is the same after
 * each start, S2.12. A given IPv6 address is one of its own; the way to its neighbours and out is advertised all the same.
 */
export function lanGuest(network: MachineNetworkArgs, mac: string | undefined): string {
  const addresses = addressesOf(network);
  if (addresses.includes(UNKNOWN)) return UNKNOWN;
  const ipv4 = addresses.filter((address) => !isIpv6(address));
  const ipv6 = addresses.filter(isIpv6);
  const { lan4 } = network;
  const length = lan4?.network.split("/")[1];
  return ini([
    ["Match", { Virtualization: "container", Name: "host0" }],
    link(network, mac),
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
    ["DHCPv4", ipv4.length === 0 ? { ClientIdentifier: "mac" } : {}],
    ["IPv6AcceptRA", { Token: "eui64", UseAutonomousPrefix: ipv6.length === 0 ? undefined : "no" }],
    ...ipv4.map((address): Section => ["Address", { Address: `${address}/${length}` }]),
    ...ipv6.map((address): Section => ["Address", { Address: asPrefix(address) }]),
    ["Route", ipv4.length === 0 ? {} : { Gateway: lan4?.gateway, PreferredSource: first(ipv4) }],
  ]);
}

/**
 * The bridge's drop-in with the routes to one machine, S1.21 and S1R.09. With a given MAC address they lead through its
 * link-local address, IPv4 too (RFC 5549), and that is a permanent neighbour: what the machine says of itself, or floods
 * the bridge with, changes nothing. The filter takes a port's addresses from here (filter-script.ts).
 */
export function bridgeDropIn(addresses: readonly string[], mac: string | undefined): string {
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
    ["Neighbor", gateway === undefined ? {} : { Address: gateway, LinkLayerAddress: mac }],
  ]);
}

/** All addresses of a network, in order; unknown ones as the sentinel. */
export function addressesOf(network: MachineNetworkArgs): string[] {
  return items(network.addresses).map((entry) => (isUnknown(entry) ? UNKNOWN : entry.address));
}

/** With several addresses, connections out come from the first. */
function first(addresses: string[]): string | undefined {
  return addresses.length > 1 ? addresses[0] : undefined;
}
