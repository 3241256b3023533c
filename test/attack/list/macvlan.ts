import type { Sender, Trial } from "../trial";
import { poisoned } from "./arp";
import { more } from "./pieces";

const mode = { modes: ["macvlan"] } as const;

/** Links of the host that frames can be sent to, and from where: what macvlans are on is reached from the bridge alone. */
const links: readonly { name: string; mac: string; from: Sender }[] = [
  { name: "the bridge", mac: "HOST.mac", from: "a" },
  { name: "the bridge, from one of its own ports", mac: "HOST.mac", from: "c" },
  { name: "the host's macvlan", mac: "MACVLAN.mac", from: "a" },
  { name: "the host's macvlan, from the bridge", mac: "MACVLAN.mac", from: "c" },
  { name: "what macvlans are on, from the bridge", mac: "MACVLAN.lower", from: "c" },
  { name: "all", mac: '"ff:ff:ff:ff:ff:ff"', from: "a" },
];

const packet = (from: Sender, mac: string, family: 4 | 6, to: string, port: number): string => {
  const own = from.toUpperCase();
  const ip = family === 4 ? "IP" : "IPv6";
  return `Ether(src=${own}.mac,dst=${mac})/${ip}(src=${own}.ip${family},dst=${to}.ip${family})/UDP(sport=7777,dport=${port})/MARK`;
};

const reached = ({ name, mac, from }: (typeof links)[number]): Trial[] =>
  ([4, 6] as const).flatMap((family) => {
    const common = { ...mode, from, times: 2 };
    return [
      {
        ...{ ...common, victim: "host", seen: { at: "program" } as const },
        name: `UDP to a program of the host by ${name}, IPv${family}`,
        frames: packet(from, mac, family, "HOST", 8081),
      },
      {
        ...{ ...common, victim: "outside", seen: { at: "uplink" } as const },
        name: `UDP past the host by ${name}, IPv${family}`,
        frames: packet(from, mac, family, "CLIENT", 9),
        ...(mac.startsWith('"') ? { harmless: "nobody passes on what was sent to all" } : {}),
      },
    ];
  });

const toHost = { ...mode, victim: "host" } as const;

/** From a macvlan and the bridge beside it, whose machines trust each other, to the host and past it. */
export const macvlan: readonly Trial[] = [
  ...links.flatMap(reached),
  ...(["a", "c"] as const).map((at) => ({
    ...{ ...toHost, at },
    name: `ARP for the host's address is answered, from ${at === "a" ? "the macvlan" : "the bridge"}`,
    script: `arping -q -c 2 -w 3 -I {${at.toUpperCase()}.inside} {HOST.ip4}`,
  })),
  {
    ...{ ...toHost, times: 4, every: 0.4 },
    name: "ARP request with B's address as sender, by the bridge",
    frames: "Ether(src=A.mac,dst=HOST.mac)/ARP(op=1,hwsrc=A.mac,psrc=B.ip4,pdst=HOST.ip4)",
    works: poisoned("host", "{B.ip4}"),
  },
  {
    ...{ ...toHost, times: 4, every: 0.4 },
    name: "ARP: the provider's gateway is at A, by the host's macvlan",
    frames: "Ether(src=A.mac,dst=MACVLAN.mac)/ARP(op=1,hwsrc=A.mac,psrc=ROUTER.ip4,pdst=HOST.ip4)",
    works: poisoned("host", "{ROUTER.ip4}"),
    undo: { at: "host", if: "ip neigh flush dev {MACVLAN.link}; :" },
  },
  {
    ...toHost,
    name: "2,000 senders of ARP, by the bridge: the table of IPv4 neighbours",
    frames: "vary(Ether(src=A.mac,dst=HOST.mac)/ARP(op=1,hwsrc=A.mac,psrc='10.0.0.1',pdst=HOST.ip4),[28],2000)",
    works: { at: "host", if: more("ip -4 neigh show", 300) },
    undo: { at: "host", if: "ip -4 neigh flush dev {HOST.bridge}; :" },
  },
  {
    ...{ ...toHost, times: 2 },
    name: "router advertisement to all links",
    frames:
      'Ether(src=A.mac,dst="33:33:00:00:00:01")/IPv6(src=A.ll6,dst="ff02::1",hlim=255)/ICMPv6ND_RA(routerlifetime=1800)/ICMPv6NDOptSrcLLAddr(lladdr=A.mac)',
    works: { at: "host", if: "ip -6 route show | grep -q '^default.* via {A.ll6}'" },
    harmless: "networkd takes no advertisements there",
  },
];
