import type { Packet } from "./packet";
import { atHook, type End } from "./walk";
import type { FoundChain, Netfilter } from "./ruleset";

/** What of a network's packets the host has to let through. */
export interface Traffic {
  /** Where its machines are: the bridge, a machine's cable, or `ve-*`. */
  link: string;
  uplink: string;
  families: ("ipv4" | "ipv6")[];
  /** The machines are on the LAN itself: nothing is routed. */
  bridged: boolean;
  /** The host leases the machines' IPv4 addresses. */
  leases?: boolean;
  /** Of one machine. */
  addresses?: string[];
}

/** One step of a packet's way. */
export interface Station {
  hook: string;
  packet: Packet;
  /** Families of tables that are asked there; those of the packet when absent. */
  tables?: FoundChain["family"][];
}

/** Protocols that something is certain about: with both dropped nobody is served. */
export const served = ["tcp", "udp"] as const;
export const echo = { ipv4: "icmp", ipv6: "icmpv6" } as const;

type Way = "in" | "out";

/** The stations of a packet of a machine, in their order. `in`: from outside. */
export function stationsOf(
  traffic: Traffic,
  way: Way,
  of: Omit<Packet, "iif" | "oif" | "source" | "destination">,
): Station[] {
  const { link, uplink, bridged } = traffic;
  const address = traffic.addresses?.find((each) => each.includes(":") === (of.family === "ipv6"));
  const ends = way === "in" ? { source: "outside", destination: address } : { source: address, destination: "outside" };
  const packet = { ...of, ...ends };
  if (bridged) return onBridge(traffic, way, packet);
  const [from, to] = way === "in" ? [uplink, link] : [link, uplink];
  return [
    { hook: "ingress", packet: { ...packet, iif: from }, tables: ["netdev"] },
    ...(way === "out" ? port("input", { ...packet, iif: "vb-*" }, link) : []),
    { hook: "prerouting", packet: { ...packet, iif: from } },
    { hook: "forward", packet: { ...packet, iif: from, oif: to } },
    { hook: "postrouting", packet: { ...packet, oif: to } },
    ...(way === "in" ? port("output", { ...packet, oif: "vb-*" }, link) : []),
  ];
}

/** Between a bridge's port and the host: tables of the family bridge. A cable has none. */
function port(hook: string, packet: Packet, link: string): Station[] {
  return link.startsWith("ve-") ? [] : [{ hook, packet, tables: ["bridge"] }];
}

/** From the LAN's port to a machine's, and by br_netfilter through the chains of IP, where both are the bridge. */
function onBridge({ link, uplink }: Traffic, way: Way, packet: Packet): Station[] {
  const [iif, oif] = way === "in" ? [uplink, "vb-*"] : ["vb-*", uplink];
  return [
    { hook: "forward", packet: { ...packet, iif, oif }, tables: ["bridge"] },
    { hook: "forward", packet: { ...packet, iif: link, oif: link } },
  ];
}

/** Neighbour discovery and ARP between the host and a link of its own; to machines they pass a port. */
export function neighbourStations(family: "ipv4" | "ipv6", link: string, toMachines: boolean): Station[] {
  const packet: Packet =
    family === "ipv6" ? { family, protocol: "icmpv6", state: "untracked", hops: "255" } : { family: "arp" };
  const question = { ...packet, type: family === "ipv6" ? "nd-neighbor-solicit" : "request" };
  const reply = { ...packet, type: family === "ipv6" ? "nd-neighbor-advert" : "reply" };
  return [
    ...(toMachines ? port("input", { ...question, iif: "vb-*" }, link) : []),
    { hook: "input", packet: { ...question, iif: link } },
    { hook: "output", packet: { ...reply, oif: link } },
    ...(toMachines ? port("output", { ...reply, oif: "vb-*" }, link) : []),
  ];
}

/** Where a packet certainly ends on its way, or is given another address. */
export function along(netfilter: Netfilter, stations: Station[]): { dropped?: End; translated?: End } {
  let translated: End | undefined;
  for (const { hook, packet, tables } of stations) {
    const seen = tables?.includes("netdev") ? atDevice(netfilter, packet.iif) : netfilter;
    const found = atHook(seen, hook, packet, tables);
    translated ??= found.translated;
    if (found.dropped !== undefined) return { dropped: found.dropped, translated };
  }
  return { translated };
}

/** nft(8) before 1.0.9 does not say in JSON which device a chain is for. */
function atDevice(netfilter: Netfilter, device: string | undefined): Netfilter {
  const isThere = ({ hook, devices }: FoundChain): boolean =>
    hook === undefined || (device !== undefined && devices?.includes(device) === true);
  return { ...netfilter, chains: netfilter.chains.filter((chain) => chain.family === "netdev" && isThere(chain)) };
}
