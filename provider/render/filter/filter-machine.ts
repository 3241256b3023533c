import type { FirewallRuleArgs, MachineArgs } from "../../model/args";
import { addressValue, isIpv6 } from "../../model/address";
import { interfaceIdOf, linkLocalOf } from "../../model/mac-address";
import { filterTable, linkTowards, machinePort } from "../../model/paths";
import type { PluggedNetwork } from "../../model/plugged";
import { UNKNOWN, hasUnknown } from "../../model/unknown";
import { macOn } from "../fixed-mac";
import { groupSet, groupSubnets, ofSubnets, verdictsOfSubnets } from "./filter-policy";
import { tunnelSetsOf, type TunnelSet } from "./filter-tunnel";
import { firewallChains } from "./firewall";
import { addressesOf } from "../guest-network";
import { subnetsOf } from "../guest-subnets";
import { header } from "../header";
import { items } from "../items";

/** Addresses of a machine by family. */
interface Addresses {
  ipv4: readonly string[];
  ipv6: readonly string[];
  /** Of IPv6. */
  subnets: readonly string[];
}

/** What a mode makes of a machine: lines of nft(8), of which none is no file. */
export type MachineElements = (args: MachineArgs, network: PluggedNetwork, addresses: Addresses) => string | undefined;

/** What the filter of its bridge has to know of a machine beyond the addresses that are routed to it (filter-script.ts). */
export function machineFilter(
  args: MachineArgs,
  network: PluggedNetwork,
  elements: MachineElements,
): string | undefined {
  const { owner, firstOwner, name, firewall } = args;
  const [addresses, subnets] = [addressesOf(network), subnetsOf(network)];
  const { bridge, groups, ports, vxlan } = network;
  if (hasUnknown([owner, firstOwner, name, bridge, addresses, subnets, groups, ports, vxlan, firewall])) return UNKNOWN;
  const ipv4 = addresses.filter((address) => !isIpv6(address));
  const text = elements(args, network, { ipv4, ipv6: addresses.filter(isIpv6), subnets });
  return text === undefined ? undefined : header + text;
}

/** Where addresses are routed to the machine: its groups and its own firewall. */
export const routedElements: MachineElements = ({ name, firewall }, network, { ipv4, ipv6, subnets }) => {
  const table = filterTable(network.bridge);
  const inet = elements(`inet ${table}`);
  // The sets too: a bridge whose groups are others now is loaded before its machines know of that.
  const groups = items(network.groups).flatMap((index) => [
    ...([4, 6] as const).map(
      (family) => `add set inet ${table} ${groupSet(index, family)} { type ipv${family}_addr; }\n`,
    ),
    inet(groupSet(index, 4), ipv4),
    inet(groupSet(index, 6), ipv6),
    ...(subnets.length === 0
      ? []
      : [`add set inet ${table} ${groupSubnets(index)} { ${ofSubnets} }\n`, inet(groupSubnets(index), subnets)]),
  ]);
  const own = firewall === undefined ? "" : firewallOf(name, network, firewall, { ipv4, ipv6, subnets });
  return groups.length === 0 && own === "" ? undefined : `${groups.join("")}${own}`;
};

/** Where IPv4 is leased and translated: the same, by whom leases are asked for, and ports of the host that lead to the machine. */
export const natElements: MachineElements = (args, network, addresses) => {
  const table = filterTable(network.bridge);
  const chaddr = `0x${macOn(args, network).replaceAll(":", "")}`;
  const [to] = addresses.ipv4;
  const forwards = items(network.ports).map(
    ({ protocol, host, machine }) => `${protocol} . ${host} : ${to} . ${machine}`,
  );
  return [
    elements(`bridge ${table}`)("client4", [`"${machinePort(network.plug)}" . ${chaddr}`]),
    to === undefined ? "" : elements(`inet ${table}`)("forwards", forwards),
    routedElements(args, network, addresses) ?? "",
  ].join("");
};

/** On a LAN, where nothing is routed: everything. */
export const lanElements: MachineElements = (args, network, { ipv4, ipv6 }) => {
  const [port, mac] = [machinePort(network.plug), macOn(args, network)];
  const bridge = elements(`bridge ${filterTable(network.bridge)}`);
  const beside = (values: readonly string[]): string[] => values.map((value) => `"${port}" . ${value}`);
  const onLink6 = [...ipv6, linkLocalOf(mac)];
  const [whole, suffix] = [`0x${mac.replaceAll(":", "")}`, number(interfaceIdOf(mac), 64)];
  return [
    bridge("members", [`"${port}"`]),
    bridge("ports", beside([mac])),
    bridge("source4", beside(ipv4)),
    bridge("source6", beside(onLink6)),
    bridge("target6", beside(onLink6.map((address) => number(addressValue(address), 128)))),
    ...["option6", "client4"].map((set) => bridge(set, beside([whole]))),
    ...["suffix6", "targetsuffix6"].map((set) => bridge(set, beside([suffix]))),
  ].join("");
};

/** Where machines are to themselves: the same, and what nobody of another host may have. */
export const isolatedElements: MachineElements = (args, network, addresses) => {
  const all = lanElements(args, network, addresses);
  return network.vxlan === undefined ? all : `${all}${localElements(macOn(args, network), network, addresses)}`;
};

function localElements(mac: string, { bridge }: PluggedNetwork, { ipv4, ipv6 }: Addresses): string {
  const table = filterTable(bridge);
  const onLink6 = [...ipv6, linkLocalOf(mac)];
  const local: Record<TunnelSet, readonly string[]> = {
    local_mac: [mac],
    local4: ipv4,
    local6: onLink6,
    local_target6: onLink6.map((address) => number(addressValue(address), 128)),
    local_option6: [`0x${mac.replaceAll(":", "")}`],
  };
  const add = elements(`bridge ${table}`);
  return `${tunnelSetsOf(table)}${Object.entries(local)
    .map(([set, values]) => add(set, values))
    .join("")}`;
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
  { bridge, plug, attach }: PluggedNetwork,
  rules: readonly FirewallRuleArgs[],
  { ipv4, ipv6, subnets }: Addresses,
): string {
  const { text, chains } = firewallChains(name, rules);
  const [table, link] = [filterTable(bridge), linkTowards(plug, bridge, attach)];
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
    subnets.length === 0
      ? ""
      : `add map inet ${table} ${direction}subnets { ${verdictsOfSubnets[direction as "in" | "out"]} }\n`,
    inet(
      `${direction}subnets`,
      subnets.map((subnet) => `"${link}" . ${subnet} : jump ${chain}`),
    ),
  ]);
  return `table inet ${table} {\n${text}}\n${jumps.join("")}`;
}
