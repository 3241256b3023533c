import { hosted } from "../mode";
import type { Trial } from "../trial";
import { poisoned } from "./arp";

const fake = "02:66:66:66:66:66";
const toHost = { victim: "host", seen: { at: "bridge" }, times: 2 } as const;
const toB = { victim: "B", seen: { at: "b" }, times: 2 } as const;

const ip = (source: string, more = "") =>
  `Ether(src=A.mac,dst=HOST.mac)/IPv6(src=${source},dst=HOST.ll6,hlim=255)${more}`;
const ipB = (source: string) => `Ether(src=A.mac,dst=B.mac)/IPv6(src=${source},dst=B.ll6,hlim=255)`;
const claim = "/ICMPv6ND_NA(R=0,S=0,O=1,tgt=B.ip6)/ICMPv6NDOptDstLLAddr(lladdr=A.mac)";

/** A claims other machines' and the gateway's IPv6 addresses, also behind headers that hide it. */
export const nd: readonly Trial[] = [
  {
    ...toHost,
    name: "NA, override: B's address is at A",
    frames: `${ip("B.ip6")}${claim}`,
    works: poisoned("host", "{B.ip6}"),
  },
  {
    ...toHost,
    name: "NA, solicited, from A's own address",
    frames: `${ip("A.ip6")}/ICMPv6ND_NA(R=0,S=1,O=1,tgt=B.ip6)/ICMPv6NDOptDstLLAddr(lladdr=A.mac)`,
    works: poisoned("host", "{B.ip6}"),
  },
  {
    ...toHost,
    name: "NA to all nodes",
    frames: `Ether(src=A.mac,dst="33:33:00:00:00:01")/IPv6(src=B.ip6,dst="ff02::1",hlim=255)${claim}`,
    works: poisoned("host", "{B.ip6}"),
  },
  {
    ...toHost,
    name: "NA for B's link-local address",
    frames: `${ip("B.ll6")}/ICMPv6ND_NA(R=0,S=0,O=1,tgt=B.ll6)/ICMPv6NDOptDstLLAddr(lladdr=A.mac)`,
    works: poisoned("host", "{B.ll6}"),
  },
  {
    ...toHost,
    name: "NA for A's address at a MAC address of nobody",
    frames: `${ip("A.ip6")}/ICMPv6ND_NA(R=0,S=0,O=1,tgt=A.ip6)/ICMPv6NDOptDstLLAddr(lladdr=NOBODY.mac)`,
    works: poisoned("host", "{A.ip6}", fake),
  },
  {
    ...toHost,
    name: "NA with two link-layer addresses",
    frames: `${ip("A.ip6")}/ICMPv6ND_NA(R=0,S=0,O=1,tgt=A.ip6)/ICMPv6NDOptDstLLAddr(lladdr=NOBODY.mac)/ICMPv6NDOptDstLLAddr(lladdr=A.mac)`,
    works: poisoned("host", "{A.ip6}", fake),
  },
  {
    ...toHost,
    name: "NS from B's address with A's link-layer address",
    frames: `${ip("B.ip6")}/ICMPv6ND_NS(tgt=HOST.ll6)/ICMPv6NDOptSrcLLAddr(lladdr=A.mac)`,
    works: poisoned("host", "{B.ip6}"),
  },
  {
    ...toHost,
    name: "NS from A's address with a link-layer address of nobody",
    frames: `${ip("A.ip6")}/ICMPv6ND_NS(tgt=HOST.ll6)/ICMPv6NDOptSrcLLAddr(lladdr=NOBODY.mac)`,
    works: poisoned("host", "{A.ip6}", fake),
  },
  {
    ...toHost,
    name: "NA behind a hop-by-hop header",
    frames: `${ip("B.ip6", "/IPv6ExtHdrHopByHop(options=[PadN(optdata=bytes(4))])")}${claim}`,
    works: poisoned("host", "{B.ip6}"),
  },
  {
    ...toHost,
    name: "NA behind a destination options header",
    frames: `${ip("B.ip6", "/IPv6ExtHdrDestOpt(options=[PadN(optdata=bytes(4))])")}${claim}`,
    works: poisoned("host", "{B.ip6}"),
  },
  {
    ...toHost,
    name: "NA behind both, from A's own address",
    frames: `${ip("A.ip6", "/IPv6ExtHdrHopByHop(options=[PadN(optdata=bytes(4))])/IPv6ExtHdrDestOpt(options=[PadN(optdata=bytes(4))])")}${claim}`,
    works: poisoned("host", "{B.ip6}"),
  },
  {
    ...toHost,
    name: "NA in an atomic fragment",
    frames: `${ip("B.ip6", "/IPv6ExtHdrFragment(offset=0,m=0,id=7)")}${claim}`,
    works: poisoned("host", "{B.ip6}"),
  },
  {
    ...toHost,
    name: "NA in two fragments",
    frames: `[Ether(src=A.mac,dst=HOST.mac)/part for part in fragment6(IPv6(src=B.ip6,dst=HOST.ll6,hlim=255)/IPv6ExtHdrFragment(id=9)/ICMPv6ND_NA(R=0,S=0,O=1,tgt=B.ip6)/ICMPv6NDOptDstLLAddr(lladdr=A.mac)/Raw(bytes([14,200])+bytes(1598)), 1280)]`,
    works: poisoned("host", "{B.ip6}"),
  },
  {
    ...toHost,
    name: "NA with VLAN tag 0",
    frames: `Ether(src=A.mac,dst=HOST.mac)/Dot1Q(vlan=0)/IPv6(src=B.ip6,dst=HOST.ll6,hlim=255)${claim}`,
    works: poisoned("host", "{B.ip6}"),
  },
  {
    victim: "router",
    modes: ["transparent"],
    times: 2,
    name: "NA, override: B's address is at A",
    frames: `Ether(src=A.mac,dst=GW.mac)/IPv6(src=B.ip6,dst=GW.ll6,hlim=255)${claim}`,
    works: poisoned("router", "{B.ip6}"),
  },
  {
    ...toB,
    name: "NA: the gateway is at A",
    frames: `${ipB("GW.ll6")}/ICMPv6ND_NA(R=1,S=0,O=1,tgt=GW.ll6)/ICMPv6NDOptDstLLAddr(lladdr=A.mac)`,
    works: poisoned("b", "{GW.ll6}"),
  },
  {
    ...toB,
    name: "NS from the gateway's address with A's link-layer address",
    frames: `${ipB("GW.ll6")}/ICMPv6ND_NS(tgt=B.ll6)/ICMPv6NDOptSrcLLAddr(lladdr=A.mac)`,
    works: poisoned("b", "{GW.ll6}"),
  },
  {
    ...toB,
    name: "NS that denies B its address (duplicate detection)",
    frames: `Ether(src=A.mac,dst="33:33:ff:00:00:01")/IPv6(src="::",dst="ff02::1",hlim=255)/ICMPv6ND_NS(tgt=B.ip6)`,
  },
  {
    victim: "host",
    modes: hosted,
    name: "A takes B's IPv6 address",
    script:
      "ip addr add {B.ip6}/128 dev host0 nodad; ndisc6 -q -s {B.ip6} -r 2 -w 300 {HOST.ll6} host0; ip addr del {B.ip6}/128 dev host0; :",
    works: poisoned("host", "{B.ip6}"),
  },
];
