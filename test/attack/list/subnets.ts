import { routed } from "../mode";
import type { Trial } from "../trial";
import { poisoned } from "./arp";
import { clientTcp } from "./client";
import { asked, more, never, proxied, sentFrom } from "./pieces";

const some = { modes: routed, combinations: ["subnets", "subnets-groups"], times: 2 } as const;
const shut = { modes: routed, combinations: ["subnets-groups"], times: 2 } as const;
const out = { ...some, victim: "outside", seen: { at: "uplink" } } as const;
const toB = { ...some, victim: "B", seen: { at: "b" } } as const;
const toHost = { ...some, victim: "host", seen: { at: "bridge" } } as const;

/** From a port where nobody listens: who is sent what is its own would answer itself for ever. */
const udp = (source: string, to: string, port = 7777): string =>
  `Ether(src=A.mac,dst=GW.mac)/IPv6(src=${source},dst=${to})/UDP(sport=9,dport=${port})/MARK`;
const nd = (source: string): string => `Ether(src=A.mac,dst=HOST.mac)/IPv6(src=${source},dst=HOST.ll6,hlim=255)`;
const claim = (target: string): string => `/ICMPv6ND_NA(R=0,S=0,O=1,tgt=${target})/ICMPv6NDOptDstLLAddr(lladdr=A.mac)`;
const question = "/ICMPv6ND_NS(tgt=HOST.ll6)/ICMPv6NDOptSrcLLAddr(lladdr=A.mac)";

const names: readonly Trial[] = [
  { ...out, name: "IPv6 source: an address of B's subnet", frames: udp("B.net6", "CLIENT.ip6") },
  {
    ...out,
    name: "IPv6 source: an address of B's subnet, in fragments",
    frames:
      "[Ether(src=A.mac,dst=GW.mac)/part for part in fragment6(IPv6(src=B.net6,dst=CLIENT.ip6)/IPv6ExtHdrFragment(id=6)/UDP(sport=7777,dport=7777)/Raw(bytes(MARK)*300), 1280)]",
  },
  { ...out, name: "IPv6 source: the first address past A's own subnet", frames: udp("A.past6", "CLIENT.ip6") },
  {
    ...{ ...some, victim: "host", seen: { at: "b" }, name: "ping of the host in the name of B's subnet" },
    frames: "Ether(src=A.mac,dst=HOST.mac)/IPv6(src=B.net6,dst=HOST.ip6)/ICMPv6EchoRequest(data=bytes(MARK))",
  },
  { ...toB, name: "UDP to B in the name of its own subnet", frames: udp("B.net6", "B.ip6") },
  { ...toB, name: "UDP to B's subnet in B's name", frames: udp("B.ip6", "B.net6") },
];

/** Nobody speaks about a subnet: it is reached by a route. */
const neighbours: readonly Trial[] = [
  {
    ...toHost,
    name: "NA: an address of B's subnet is at A",
    frames: `${nd("B.net6")}${claim("B.net6")}`,
    works: poisoned("host", "{B.net6}"),
  },
  {
    ...toHost,
    name: "NA: an address of B's subnet is at A, from A's own address",
    frames: `${nd("A.ip6")}${claim("B.net6")}`,
    works: poisoned("host", "{B.net6}"),
  },
  {
    ...toHost,
    name: "NA: an address of A's own subnet is at A",
    frames: `${nd("A.ip6")}${claim("A.net6")}`,
    works: poisoned("host", "{A.net6}"),
  },
  {
    ...toHost,
    name: "NS from B's subnet with A's link-layer address",
    frames: `${nd("B.net6")}${question}`,
    works: poisoned("host", "{B.net6}"),
  },
  {
    ...toHost,
    name: "NS from A's own subnet with A's link-layer address",
    frames: `${nd("A.net6")}${question}`,
    works: poisoned("host", "{A.net6}"),
  },
  {
    ...toHost,
    name: "ICMPv6 redirect in B's name: the way to its subnet is through A",
    frames:
      "Ether(src=A.mac,dst=HOST.mac)/IPv6(src=B.ll6,dst=HOST.ll6,hlim=255)/ICMPv6ND_Redirect(tgt=A.ll6,dst=B.net6)/ICMPv6NDOptDstLLAddr(lladdr=A.mac)",
    works: { at: "host", if: "ip -6 route get {B.net6} | grep -q 'via {A.ll6}'" },
  },
  {
    ...some,
    victim: "B",
    name: "A asks on its link who has an address of B's subnet, and the host answers",
    script: "ndisc6 -q -r 2 -w 1500 {B.net6} {A.inside}",
    weaken: proxied("{B.net6}", "{HOST.bridge}"),
  },
];

const past: readonly Trial[] = [
  { ...shut, name: "UDP from A's subnet to B", victim: "B", seen: { at: "b" }, frames: udp("A.net6", "B.ip6") },
  { ...shut, name: "UDP to B's subnet", victim: "B", seen: { at: "b" }, frames: udp("A.ip6", "B.net6") },
  {
    ...{ ...shut, name: "UDP from A's subnet to B's", victim: "B", seen: { at: "b" } },
    frames: udp("A.net6", "B.net6"),
  },
  {
    ...{ ...shut, name: "UDP from A's subnet that A's rules do not let out", victim: "outside" },
    ...{ seen: { at: "uplink" }, frames: udp("A.net6", "CLIENT.ip6", 9) },
  },
  {
    ...{ ...shut, name: "TCP from the client to A's subnet, to a port that is shut", victim: "A" },
    ...{ at: "client", script: clientTcp("{A.net6}", 81) },
  },
];

const wire: readonly Trial[] = [
  {
    ...{ ...some, victim: "router", at: "router" },
    name: "ND on the uplink for the first address past A's subnet",
    script: asked(6, "{A.past6}", "icmp6[0] = 136"),
    weaken: proxied("{A.past6}", "{HOST.uplink}"),
  },
  {
    ...{ ...toB, at: "router", works: never },
    name: "from the uplink in the name of A's subnet",
    script: sentFrom(6, "{A.net6}", "{B.ip6}"),
  },
];

const fill: readonly Trial[] = [
  {
    ...{ ...some, times: 1, victim: "host" },
    name: "1,000 senders of NS out of A's subnet: the table of IPv6 neighbours",
    frames: `[Ether(src=A.mac,dst=HOST.mac)/IPv6(src=A.net6[:-1]+f'{i:x}',dst=HOST.ll6,hlim=255)${question} for i in range(4096,5096)]`,
    works: { at: "host", if: more("ip -6 neigh show", 300) },
    undo: { at: "host", if: "ip -6 neigh flush dev {HOST.bridge}; :" },
  },
  {
    ...{ ...some, times: 1, victim: "host" },
    name: "packets from 1,000 addresses of A's subnet to as many free ones: neighbours of the uplink",
    frames:
      "[Ether(src=A.mac,dst=GW.mac)/IPv6(src=A.net6[:-1]+f'{i:x}',dst=NOBODY.near6[:-1]+f'{i:x}')/UDP(sport=7777,dport=7777)/MARK for i in range(4096,5096)]",
    works: { at: "host", if: more("ip -6 neigh show dev {HOST.uplink}", 300) },
    undo: {
      at: "host",
      if: "ip -6 neigh flush dev {HOST.uplink} nud failed; ip -6 neigh flush dev {HOST.uplink} nud incomplete; :",
    },
  },
];

/** Who has a subnet uses a neighbour's, or more than its own, or its own past what is allowed. */
export const subnets: readonly Trial[] = [...names, ...neighbours, ...past, ...wire, ...fill];
