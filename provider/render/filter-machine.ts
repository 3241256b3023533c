import type { FirewallRuleArgs, MachineArgs, MachineNetworkArgs } from "../model/args";
import { addressValue, isIpv6 } from "../model/address";
import { interfaceIdOf, linkLocalOf, machineMac } from "../model/mac-address";
import { filterTable, machinePort } from "../model/paths";
import { UNKNOWN, hasUnknown } from "../model/unknown";
import { groupSet } from "./filter-policy";
import { firewallChains } from "./firewall";
import { addressesOf } from "./guest-network";
import { header } from "./header";
import { items } from "./items";

/** A machine's elements in the sets of its bridge's filter, and its own firewall. */
export function machineFilter(args: MachineArgs, network: MachineNetworkArgs): string {
  const { owner, name, firewall } = args;
  const addresses = addressesOf(network);
  if (hasUnknown([owner, name, network.bridge, addresses, network.groups, firewall])) return UNKNOWN;
  const mac = machineMac(owner, name);
  const port = `"${machinePort(name)}"`;
  const ipv4 = addresses.filter((address) => !isIpv6(address));
  const ipv6 = addresses.filter(isIpv6);
  const number48 = `0x${mac.replaceAll(":", "")}`;
  const onLink6 = [...ipv6, linkLocalOf(mac)];
  const table = filterTable(network.bridge);
  const bridge = elements(`bridge ${table}`);
  const inet = elements(`inet ${table}`);
  const beside = (values: readonly string[]): string[] => values.map((value) => `${port} . ${value}`);
  const onLan = [
    ...["suffix6", "targetsuffix6"].map((set) => bridge(set, beside([number(interfaceIdOf(mac), 64)]))),
    bridge("client4", beside([number48])),
  ];
  // The sets too: a bridge whose groups are others now is loaded before its machines know of that.
  const groups = items(network.groups).flatMap((index) => [
    ...([4, 6] as const).map(
      (family) => `add set inet ${table} ${groupSet(index, family)} { type ipv${family}_addr; }\n`,
    ),
    inet(groupSet(index, 4), ipv4),
    inet(groupSet(index, 6), ipv6),
  ]);
  const routed = [
    inet("own4", ipv4),
    inet("own6", ipv6),
    ...groups,
    firewall === undefined ? "" : firewallOf(name, table, firewall, ipv4, ipv6),
  ];
  return (
    header +
    [
      bridge("members", [port]),
      bridge("ports", beside([mac])),
      bridge("source4", beside(ipv4)),
      bridge("source6", beside(onLink6)),
      bridge("target6", beside(onLink6.map((address) => number(addressValue(address), 128)))),
      bridge("option6", beside([number48])),
      ...(network.mode === "transparent" ? onLan : routed),
    ].join("")
  );
}

const elements =
  (table: string) =>
  (set: string, values: readonly string[]): string =>
    values.length === 0 ? "" : `add element ${table} ${set} { ${values.join(", ")} }\n`;

/** nftables' own form of what a part of a packet is compared with. */
function number(value: bigint, bits: number): string {
  return `0x${value.toString(16).padStart(bits / 4, "0")}`;
}

function firewallOf(
  name: string,
  table: string,
  rules: readonly FirewallRuleArgs[],
  ipv4: readonly string[],
  ipv6: readonly string[],
): string {
  const { text, chains } = firewallChains(name, rules);
  const inet = elements(`inet ${table}`);
  const jumps = Object.entries(chains).flatMap(([direction, chain]) => [
    inet(
      `${direction}4`,
      ipv4.map((address) => `${address} : jump ${chain}`),
    ),
    inet(
      `${direction}6`,
      ipv6.map((address) => `${address} : jump ${chain}`),
    ),
  ]);
  return `table inet ${table} {\n${text}}\n${jumps.join("")}`;
}
