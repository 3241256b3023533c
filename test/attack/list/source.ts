import { hosted } from "../mode";
import type { Trial } from "../trial";

const out = { victim: "outside", seen: { at: "uplink" }, times: 2 } as const;
const answered = { victim: "host", modes: hosted, seen: { at: "b" }, times: 2 } as const;
const in_ = { victim: "host", seen: { at: "bridge" }, times: 2 } as const;

const out4 = (source: string) =>
  `Ether(src=A.mac,dst=GW.mac)/IP(src=${source},dst=CLIENT.ip4)/UDP(sport=7777,dport=9)/MARK`;
const out6 = (source: string) =>
  `Ether(src=A.mac,dst=GW.mac)/IPv6(src=${source},dst=CLIENT.ip6)/UDP(sport=7777,dport=9)/MARK`;
const in4 = (source: string) => `Ether(src=A.mac,dst=HOST.mac)/IP(src=${source},dst=HOST.ip4)/ICMP()/MARK`;
const in6 = (source: string) =>
  `Ether(src=A.mac,dst=HOST.mac)/IPv6(src=${source},dst=HOST.ip6)/ICMPv6EchoRequest(data=bytes(MARK))`;

const lease = (what: "take" | "release") => `python3 -B /opt/attack/lease.py ${what} {NOBODY.lease4} {GW.ip4}`;

/** A sends in others' names, outside and to the host. */
export const source: readonly Trial[] = [
  { ...out, name: "IPv4 source: B's address", frames: out4("B.ip4") },
  { ...out, name: "IPv4 source: an address of nobody", frames: out4("NOBODY.ip4") },
  { ...out, name: "IPv4 source: an address of the internet", frames: out4('"8.8.8.8"') },
  {
    ...out,
    name: "IPv4 source: B's address, in fragments",
    frames:
      "[Ether(src=A.mac,dst=GW.mac)/part for part in fragment(IP(src=B.ip4,dst=CLIENT.ip4)/UDP(sport=7777,dport=9)/Raw(bytes(MARK)*300), 1400)]",
  },
  {
    ...out,
    name: "IPv4 source: an address that A had leased, and B has since",
    modes: ["transparent"],
    before: [
      { at: "b", script: lease("release") },
      { at: "a", script: lease("take") },
      { at: "a", script: lease("release") },
      { at: "b", script: lease("take") },
    ],
    frames: out4("NOBODY.lease4"),
  },
  { ...out, name: "IPv6 source: B's address", frames: out6("B.ip6") },
  { ...out, name: "IPv6 source: a free address of the host's network", frames: out6("NOBODY.near6") },
  { ...out, name: "IPv6 source: a foreign address", frames: out6("NOBODY.ip6") },
  {
    ...out,
    name: "IPv6 source: B's address, in fragments",
    frames:
      "[Ether(src=A.mac,dst=GW.mac)/part for part in fragment6(IPv6(src=B.ip6,dst=CLIENT.ip6)/IPv6ExtHdrFragment(id=5)/UDP(sport=7777,dport=9)/Raw(bytes(MARK)*300), 1280)]",
  },
  { ...answered, name: "ping of the host in B's name, IPv4", frames: in4("B.ip4") },
  { ...answered, name: "ping of the host in B's name, IPv6", frames: in6("B.ip6") },
  {
    ...answered,
    name: "UDP to B in the gateway's name",
    victim: "B",
    frames: "Ether(src=A.mac,dst=GW.mac)/IP(src=GW.ip4,dst=B.ip4)/UDP(sport=53,dport=7777)/MARK",
    harmless: "Linux drops packets that come in with an address of its own",
  },
  {
    ...answered,
    name: "UDP to B in the client's name, IPv4",
    victim: "B",
    frames: "Ether(src=A.mac,dst=GW.mac)/IP(src=CLIENT.ip4,dst=B.ip4)/UDP(sport=53,dport=7777)/MARK",
  },
  {
    ...answered,
    name: "UDP to B in the client's name, IPv6",
    victim: "B",
    frames: "Ether(src=A.mac,dst=GW.mac)/IPv6(src=CLIENT.ip6,dst=B.ip6)/UDP(sport=53,dport=7777)/MARK",
  },
  { ...in_, name: "IPv4 source: the host's own address", frames: in4("HOST.ip4") },
  { ...in_, name: "IPv4 source: 127.0.0.1", frames: in4('"127.0.0.1"') },
  { ...in_, name: "IPv4 source: 0.0.0.0", frames: in4('"0.0.0.0"') },
  { ...in_, name: "IPv4 source: 255.255.255.255", frames: in4('"255.255.255.255"') },
  { ...in_, name: "IPv6 source: the host's own address", frames: in6("HOST.ip6") },
  { ...in_, name: "IPv6 source: ::1", frames: in6('"::1"') },
  { ...in_, name: "IPv6 source: an IPv4 address, mapped", frames: in6('"::ffff:127.0.0.1"') },
  {
    ...in_,
    name: "IPv6 source: B's link-local address",
    frames: "Ether(src=A.mac,dst=HOST.mac)/IPv6(src=B.ll6,dst=HOST.ll6)/ICMPv6EchoRequest(data=bytes(MARK))",
  },
  {
    ...in_,
    name: "IPv6 source: the gateway's link-local address",
    frames: "Ether(src=A.mac,dst=HOST.mac)/IPv6(src=GW.ll6,dst=HOST.ip6)/ICMPv6EchoRequest(data=bytes(MARK))",
  },
];
