import type { Trial } from "../trial";
import { learnt } from "./pieces";

const own = { modes: ["vxlan"], times: 2, from: "peer", victim: "C", seen: { at: "a" } } as const;
const all = 'dst="ff:ff:ff:ff:ff:ff"';
const nodes = 'Ether(src=NOBODY.mac,dst="33:33:00:00:00:01")';
const ip6 = (source: string): string => `${nodes}/IPv6(src=${source},dst="ff02::1",hlim=255)`;
const udp = "/UDP(sport=7777,dport=7777)/MARK";
const somebody = '"fe80::66:66"';
const told = (source: string, mac: string): string => `/ARP(op=1,hwsrc=${mac},psrc=${source},pdst=A.ip4)`;

/** What no machine has to send, or says something of a machine of this host. */
const needless: readonly [name: string, frames: string][] = [
  [
    "NA: C's address is elsewhere",
    `${ip6(somebody)}/ICMPv6ND_NA(R=0,S=0,O=1,tgt=C.ip6)/ICMPv6NDOptDstLLAddr(lladdr=NOBODY.mac)`,
  ],
  [
    "NA: somebody else has C's MAC address",
    `${ip6(somebody)}/ICMPv6ND_NA(R=0,S=0,O=1,tgt=NOBODY.ip6)/ICMPv6NDOptDstLLAddr(lladdr=C.mac)`,
  ],
  ["NS with C's MAC address", `${ip6(somebody)}/ICMPv6ND_NS(tgt=A.ip6)/ICMPv6NDOptSrcLLAddr(lladdr=C.mac)`],
  ["NS that denies C its address (duplicate detection)", `${ip6('"::"')}/ICMPv6ND_NS(tgt=C.ip6)`],
  [
    "NA behind a hop-by-hop header",
    `${ip6(somebody)}/IPv6ExtHdrHopByHop(options=[PadN(optdata=bytes(4))])/ICMPv6ND_NA(R=0,S=0,O=1,tgt=C.ip6)/ICMPv6NDOptDstLLAddr(lladdr=NOBODY.mac)`,
  ],
  [
    "NA in an atomic fragment",
    `${ip6(somebody)}/IPv6ExtHdrFragment(offset=0,m=0,id=7)/ICMPv6ND_NA(R=0,S=0,O=1,tgt=C.ip6)/ICMPv6NDOptDstLLAddr(lladdr=NOBODY.mac)`,
  ],
  ["router advertisement", `${ip6(somebody)}/ICMPv6ND_RA(routerlifetime=1800)/ICMPv6NDOptSrcLLAddr(lladdr=NOBODY.mac)`],
  ["ICMPv6 redirect", `${ip6(somebody)}/ICMPv6ND_Redirect(tgt="fe80::66:66",dst=CLIENT.ip6)`],
  // From a higher address than A's, to which the bridge then listens all the same.
  [
    "MLD query",
    `Ether(src=NOBODY.mac,dst="33:33:00:00:00:01")/IPv6(src="fe80::ffff:ffff:66:66",dst="ff02::1",hlim=1)/IPv6ExtHdrHopByHop(options=[RouterAlert(value=0),PadN()])/ICMPv6MLQuery()`,
  ],
  [
    "DHCPv6 advertisement",
    `Ether(src=NOBODY.mac,dst="33:33:00:00:00:01")/IPv6(src="fe80::66:66",dst="ff02::1")/UDP(sport=547,dport=546)/DHCP6_Advertise(trid=7)/MARK`,
  ],
  [
    "DHCPv4 offer",
    `Ether(src=NOBODY.mac,${all})/IP(src=NOBODY.ip4,dst="255.255.255.255")/UDP(sport=67,dport=68)/BOOTP(op=2,yiaddr=NOBODY.ip4,chaddr=mac2str(A.mac))/DHCP(options=[("message-type","offer"),"end"])/MARK`,
  ],
  [
    "ICMP redirect",
    `Ether(src=NOBODY.mac,${all})/IP(src=NOBODY.ip4,dst=A.ip4)/ICMP(type=5,code=1,gw=NOBODY.ip4)/IP(src=A.ip4,dst=CLIENT.ip4)/ICMP()/MARK`,
  ],
  ["VLAN tag 5 (802.1Q)", `Ether(src=NOBODY.mac,${all})/Dot1Q(vlan=5)/IP(src=NOBODY.ip4,dst="255.255.255.255")${udp}`],
  [
    "BPDU",
    'Dot3(src=NOBODY.mac,dst="01:80:c2:00:00:00")/LLC(dsap=0x42,ssap=0x42,ctrl=3)/STP(rootid=0,rootmac=NOBODY.mac,bridgeid=0,bridgemac=NOBODY.mac)',
  ],
  ["an unknown EtherType", `Ether(src=NOBODY.mac,${all},type=0x88b5)/MARK`],
];

/** Somebody who has the other host sends by its tunnel in the names of machines of this one, or as no machine has to. */
export const fromPeer: readonly Trial[] = [
  {
    ...own,
    name: "C's MAC address as the source",
    frames: `Ether(src=C.mac,${all})/IP(src=NOBODY.ip4,dst="255.255.255.255")${udp}`,
  },
  {
    ...own,
    name: "IPv4 source: C's address",
    frames: `Ether(src=NOBODY.mac,${all})/IP(src=C.ip4,dst="255.255.255.255")${udp}`,
  },
  { ...own, name: "IPv6 source: C's address", frames: `${nodes}/IPv6(src=C.ip6,dst="ff02::1")${udp}` },
  { ...own, name: "IPv6 source: C's link-local address", frames: `${nodes}/IPv6(src=C.ll6,dst="ff02::1")${udp}` },
  {
    ...own,
    name: "ARP: C's address is elsewhere",
    frames: `Ether(src=NOBODY.mac,${all})${told("C.ip4", "NOBODY.mac")}`,
  },
  {
    ...own,
    name: "ARP: somebody else has C's MAC address",
    frames: `Ether(src=NOBODY.mac,${all})${told('"10.99.0.250"', "C.mac")}`,
  },
  {
    ...{ ...own, name: "ARP of hardware type 6, which Linux takes too" },
    frames: `Ether(src=NOBODY.mac,${all})/ARP(hwtype=6,hwlen=6,plen=4,op=2,hwsrc=mac2str(NOBODY.mac),psrc=C.ip4,hwdst=mac2str(A.mac),pdst=A.ip4)`,
  },
  {
    ...{ ...own, name: "ARP with VLAN tag 0, which Linux takes off" },
    frames: `Ether(src=NOBODY.mac,${all})/Dot1Q(vlan=0)${told("C.ip4", "NOBODY.mac")}`,
  },
  ...needless.map(([name, frames]) => ({ ...own, victim: "A", name: `through the tunnel: ${name}`, frames })),
  {
    ...{ ...own, victim: "host", times: 1 },
    name: "3,000 MAC addresses from the other host: the bridge's table",
    frames: 'vary(Ether(src="02:66:00:00:00:00",dst=A.mac)/IP(src=NOBODY.ip4,dst=A.ip4)/UDP(dport=9)/MARK,[8],3000)',
    seen: undefined,
    works: { at: "host", if: learnt("-v self") },
  },
];
