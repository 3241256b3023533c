import { canonicalAddress } from "../model/address";
import type { Fact } from "../model/desired";
import { bridgeLinkLine, parseBridgeLink } from "../model/fact/bridge-link";
import { cableLine } from "../model/fact/cable";
import { factAs } from "../model/fact/fact-as";
import { neighboursOf, parseNeighbour } from "../model/fact/neighbour";
import { parsePort, portLine, type Port } from "../model/fact/port";
import { parseProxy } from "../model/fact/proxy";
import { parseRoute } from "../model/fact/route";
import { ruleLine } from "../model/fact/rule";
import { parseWired, wiredLine, type Wired } from "../model/fact/wired";
import { contains, parseNetwork } from "../model/cidr";
import { isLinkLocal } from "../model/mac-address";
import { peerLine } from "../model/fact/peer";
import { tunnelLine, tunnelNameOf } from "../model/fact/tunnel";
import { configuredBy } from "./configured-by";
import type { Facts, FoundLink } from "./facts/facts";
import type { Subject } from "./subject";
import { uplinkOf } from "./uplink";

const linkOf = (name: string | undefined, facts: Facts): FoundLink | undefined =>
  name === undefined ? undefined : facts.links.get(name);

export function bridgeLink(subject: Subject, facts: Facts): string | undefined {
  const link = linkOf(subject.bridge, facts);
  if (link === undefined) return undefined;
  const wanted = parseBridgeLink(factAs.text(subject.desired.live.link));
  const { ifname: name, kind, up } = link;
  // A bridge takes its size from its ports, and the kernel's own when the last one goes.
  const isEmpty = ![...facts.links.values()].some(({ master }) => master === name);
  const mtu = wanted.mtu === undefined || isEmpty ? wanted.mtu : link.mtu;
  return bridgeLinkLine({ name, kind, up, mtu, configured: configuredBy(name, facts) });
}

/** A macvlan and the ends of its veth pair. */
export function wired({ desired }: Subject, facts: Facts): Fact | undefined {
  const wanted = desired.live.macvlan;
  return wanted === undefined ? undefined : factAs.list(wanted).flatMap((line) => foundWired(parseWired(line), facts));
}

function foundWired({ name, lower, mtu }: Wired, facts: Facts): string[] {
  const link = linkOf(name, facts);
  if (link === undefined) return [];
  const { kind, up, master } = link;
  const on = lower === undefined ? undefined : link.lower;
  const size = mtu === undefined ? undefined : link.mtu;
  return [wiredLine({ name, kind, up, master, lower: on, mtu: size, configured: configuredBy(name, facts) })];
}

/** What is found of a bridge's tunnel to other hosts. */
export function tunnel({ desired }: Subject, facts: Facts): string | undefined {
  const link = linkOf(tunnelNameOf(factAs.text(desired.live.tunnel)), facts);
  if (link === undefined) return undefined;
  const { ifname: name, up, master, mtu } = link;
  const { id = 0, local = "none", port = 0, apart = false } = link.vxlan ?? {};
  return tunnelLine({ name, up, id, local, port, master, apart, mtu, configured: configuredBy(name, facts) });
}

/** Wherever it leads to. */
export function peers({ desired }: Subject, facts: Facts): Fact | undefined {
  if (desired.live.tunnel === undefined) return undefined;
  const name = tunnelNameOf(factAs.text(desired.live.tunnel));
  return facts.peers.filter(({ link }) => link === name).map(peerLine);
}

/**
 * A bridge of ours alone has the wanted addresses and no others. One that is the host's own link has them by the LAN:
 * there the wanted ones have to be among them, an address as it is, a network by any address in it.
 */
export function addresses({ desired, bridge }: Subject, facts: Facts): Fact | undefined {
  if (desired.live.addresses === undefined) return undefined;
  const all = [...(linkOf(bridge, facts)?.addresses ?? [])];
  if (desired.live.uplink === undefined) return all;
  const bare = all.flatMap((address) => canonicalAddress(address.replace(/\/.*$/, "")) ?? []);
  return factAs.list(desired.live.addresses).filter((wanted) => {
    const network = wanted.includes("/") ? parseNetwork(wanted) : wanted;
    return typeof network === "string" ? bare.includes(network) : bare.some((address) => contains(network, address));
  });
}

/** What comes in by the bridge goes by the wanted rules and no others. */
export function rules({ desired, bridge }: Subject, facts: Facts): Fact | undefined {
  if (desired.live.rules === undefined) return undefined;
  return facts.linkRules.filter(({ link }) => link === bridge).map(ruleLine);
}

/** A route to a machine that is a permanent neighbour leads through that neighbour. */
export function isRouted(line: string, { desired }: Subject, facts: Facts): boolean {
  const { destination, via, link } = parseRoute(line);
  const through =
    via ??
    neighboursOf(desired).find((neighbour) => neighbour.link === link && isLinkLocal(neighbour.address))?.address;
  return facts.routes.some(
    (route) =>
      route.destination === destination && route.link === link && (through === undefined || route.gateway === through),
  );
}

export function isNeighbour(line: string, { neighbours }: Facts): boolean {
  const { address, mac, link } = parseNeighbour(line);
  return neighbours.some((found) => found.address === address && found.mac === mac && found.link === link);
}

export function isAnsweredFor(line: string, facts: Facts): boolean {
  const { address } = parseProxy(line);
  return facts.proxies.some((proxy) => proxy.address === address && proxy.link === uplinkOf(facts));
}

/** What is found of a port, or of a machine's cable, which is nobody's. */
export function port(fact: "port" | "uplink", subject: Subject, facts: Facts): string | undefined {
  return foundPort(factAs.text(subject.desired.live[fact]), facts);
}

/** The same of a machine's further networks. */
export function ports({ desired }: Subject, facts: Facts): Fact | undefined {
  const wanted = desired.live.ports;
  return wanted === undefined ? undefined : factAs.list(wanted).flatMap((line) => foundPort(line, facts) ?? []);
}

function foundPort(line: string, facts: Facts): string | undefined {
  const wanted = parsePort(line);
  const link = linkOf(wanted.name, facts);
  if (link === undefined) return undefined;
  const mtu = wanted.mtu === undefined ? undefined : link.mtu;
  const { ifname: name, master, up } = link;
  if (wanted.master === undefined && master === undefined)
    return cableLine({ name, up, addresses: link.addresses, configured: configuredBy(name, facts), mtu });
  return portLine({ name, master, ...protection(link, wanted, facts), mtu });
}

/** How a port is protected, when it has to be. */
function protection(link: FoundLink, { protection, mac }: Port, facts: Facts): Partial<Port> {
  if (protection === undefined || mac === undefined) return {};
  const isThere = link.guarded && (protection === "guarded" || link.isolated);
  const isAlone = facts.forwarding.some((entry) => entry.mac === mac && entry.port === link.ifname);
  return { protection, unprotected: !isThere, mac: isAlone ? mac : undefined };
}
