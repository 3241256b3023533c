import { advice, adviceToLeave, inChain, plus, quoted } from "./advice";
import type { Packet } from "./packet";
import type { Netfilter } from "./ruleset";
import { along, echo, neighbourStations, served, stationsOf, type Station, type Traffic } from "./traffic";
import { atHook, type End } from "./walk";

/** What others' filters do to the traffic of a network, for certain. */
export interface Obstacle {
  /** `IPv4 to machines on br0: table ip filter, chain FORWARD, policy drop`. */
  text: string;
  /** What to add, and where. */
  advice: string;
}

const words = { ipv4: "IPv4", ipv6: "IPv6" };

/** All that stands in the way of a network's traffic. What is let through under conditions that nobody knows is none. */
export function obstacles(traffic: Traffic, netfilter: Netfilter): Obstacle[] {
  if (netfilter.chains.length === 0) return [];
  const found = traffic.families.flatMap((family) => {
    const seen = traffic.bridged && !netfilter.bridged[family] ? withoutIp(netfilter) : netfilter;
    const near = traffic.bridged ? [] : neighbours(traffic, family, seen);
    if (family === "ipv4" && traffic.leases === true) near.push(...leases(traffic, seen));
    return [...near, ...transit(traffic, family, seen)];
  });
  return [...new Map(found.map((one) => [one.text, one])).values()];
}

/** What is bridged and not routed passes no chain of IP, unless br_netfilter sends it there. */
function withoutIp(netfilter: Netfilter): Netfilter {
  return { ...netfilter, chains: netfilter.chains.filter(({ family }) => family === "bridge") };
}

/** Where machines are, in words. */
const placeOf = ({ link }: Traffic): string => (link.startsWith("ve-") ? "" : ` on ${link}`);

function transit(traffic: Traffic, family: "ipv4" | "ipv6", netfilter: Netfilter): Obstacle[] {
  const ways = [
    { way: "in", state: "new", says: `to machines${placeOf(traffic)}` },
    { way: "out", state: "established", says: `answers of machines${placeOf(traffic)}` },
    { way: "out", state: "new", says: `from machines${placeOf(traffic)}` },
    { way: "in", state: "established", says: `answers to machines${placeOf(traffic)}` },
  ] as const;
  const lost = ways.flatMap(({ way, state, says }) => {
    const end = lostBy(way, state);
    return end === undefined
      ? []
      : [obstacle(`${end.what}${words[family]} ${says}`, end.end, advice(end.end, traffic, netfilter))];
  });
  const moved = along(netfilter, stations("out", { family, protocol: "tcp", state: "new" })).translated;
  const translated =
    moved === undefined
      ? []
      : [
          obstacle(
            `${words[family]} from machines${placeOf(traffic)} is translated`,
            moved,
            adviceToLeave(moved, traffic),
          ),
        ];
  return [...lost, ...translated];

  function stations(way: "in" | "out", packet: Packet): Station[] {
    return stationsOf(traffic, way, packet);
  }

  /** TCP and UDP both, for one of them alone may be somebody's intention. */
  function lostBy(way: "in" | "out", state: "new" | "established"): { end: End; what: string } | undefined {
    const ends = served.map((protocol) => along(netfilter, stations(way, { family, protocol, state })).dropped);
    const [end] = ends;
    if (end === undefined || ends.includes(undefined)) return undefined;
    const type = "echo-request";
    const ping = along(netfilter, stations(way, { family, protocol: echo[family], type, state })).dropped;
    return { end, what: ping === undefined ? "TCP and UDP over " : "" };
  }
}

/** The host is asked for machines' addresses on the uplink, and for the gateway where the machines are. */
function neighbours(traffic: Traffic, family: "ipv4" | "ipv6", netfilter: Netfilter): Obstacle[] {
  const what = family === "ipv6" ? "neighbour discovery" : "ARP";
  return [traffic.uplink, traffic.link].flatMap((link) => {
    const { dropped } = along(netfilter, neighbourStations(family, link, link === traffic.link));
    return dropped === undefined ? [] : [obstacle(`${what} on ${link}`, dropped, advice(dropped, traffic, netfilter))];
  });
}

/** The host's DHCP server, which machines ask before they have an address. */
function leases({ link }: Traffic, netfilter: Netfilter): Obstacle[] {
  const packet = { family: "ipv4", iif: link, protocol: "udp", port: "67", state: "new" } as const;
  const { dropped } = atHook(netfilter, "input", packet);
  if (dropped === undefined) return [];
  const rule = { nft: `iifname ${quoted(link)} udp dport 67`, iptables: `-i ${plus(link)} -p udp --dport 67` };
  const text = `DHCP of machines on ${link}, who get no IPv4 address`;
  return [obstacle(text, dropped, inChain(dropped, [rule], dropped.base.name))];
}

function obstacle(text: string, { chain, by }: End, advised: string): Obstacle {
  const { backend, family, table, name } = chain;
  const whose = backend === "iptables-legacy" ? "iptables-legacy, " : "";
  return { text: `${text}: ${whose}table ${family} ${table}, chain ${name}, ${by}`, advice: advised };
}
