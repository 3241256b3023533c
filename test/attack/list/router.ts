import type { Trial } from "../trial";

const toB = { victim: "B", seen: { at: "b" }, times: 2 } as const;
const toHost = { victim: "host", seen: { at: "bridge" }, times: 2 } as const;

const advert =
  "/ICMPv6ND_RA(routerlifetime=1800)/ICMPv6NDOptSrcLLAddr(lladdr=A.mac)/ICMPv6NDOptPrefixInfo(prefix='2001:db8:bad::',prefixlen=64)";
const advertised = "ip -6 route show | grep -Eq '^default.* via {A.ll6}|2001:db8:bad::'";
const forget =
  "ip -6 route del default via {A.ll6} dev host0; ip -6 route del 2001:db8:bad::/64 dev host0; ip -6 addr flush dev host0 to 2001:db8:bad::/64; ip -6 route flush cache; ip route flush cache; :";
const hopByHop = "/IPv6ExtHdrHopByHop(options=[PadN(optdata=bytes(4))])";

const redirect4 = (to: string, from: string) =>
  `Ether(src=A.mac,dst=${to}.mac)/IP(src=${from},dst=${to}.ip4)/ICMP(type=5,code=1,gw=A.ip4)/IP(src=${to}.ip4,dst=CLIENT.ip4)/ICMP()/MARK`;
const redirect6 = (to: string, from: string) =>
  `Ether(src=A.mac,dst=${to}.mac)/IPv6(src=${from},dst=${to}.ll6,hlim=255)/ICMPv6ND_Redirect(tgt=A.ll6,dst=CLIENT.ip6)/ICMPv6NDOptDstLLAddr(lladdr=A.mac)/ICMPv6NDOptRedirectedHdr(pkt=IPv6(src=${to}.ip6,dst=CLIENT.ip6)/ICMPv6EchoRequest())`;

const offer = (mac: string) =>
  `/BOOTP(op=2,yiaddr=NOBODY.ip4,siaddr=A.ip4,chaddr=mac2str(${mac}))/DHCP(options=[("message-type","offer"),("server_id",A.ip4),("router",A.ip4),"end"])/MARK`;

/** A plays the router: advertisements, redirects, DHCP. B takes advertisements and redirects, as a tenant's image may. */
export const router: readonly Trial[] = [
  {
    ...toB,
    name: "router advertisement to all",
    frames: `Ether(src=A.mac,dst="33:33:00:00:00:01")/IPv6(src=A.ll6,dst="ff02::1",hlim=255)${advert}`,
    works: { at: "b", if: advertised },
    undo: { at: "b", if: forget },
  },
  {
    ...toB,
    name: "router advertisement to B alone",
    frames: `Ether(src=A.mac,dst=B.mac)/IPv6(src=A.ll6,dst=B.ll6,hlim=255)${advert}`,
    works: { at: "b", if: advertised },
    undo: { at: "b", if: forget },
  },
  {
    ...toB,
    name: "router advertisement behind a hop-by-hop header",
    frames: `Ether(src=A.mac,dst=B.mac)/IPv6(src=A.ll6,dst=B.ll6,hlim=255)${hopByHop}${advert}`,
    works: { at: "b", if: advertised },
    undo: { at: "b", if: forget },
  },
  {
    ...toB,
    name: "router advertisement with lifetime 0 in the gateway's name",
    frames: `Ether(src=A.mac,dst=B.mac)/IPv6(src=GW.ll6,dst=B.ll6,hlim=255)/ICMPv6ND_RA(routerlifetime=0)`,
  },
  {
    ...toHost,
    name: "router advertisement",
    frames: `Ether(src=A.mac,dst="33:33:00:00:00:01")/IPv6(src=A.ll6,dst="ff02::1",hlim=255)${advert}`,
    works: { at: "host", if: advertised },
  },
  {
    ...toB,
    times: 4,
    every: 0.3,
    name: "ICMP redirect: the way to the client is through A",
    frames: redirect4("B", "GW.ip4"),
    works: { at: "b", if: "ip route get {CLIENT.ip4} | grep -q 'via {A.ip4}'" },
    undo: { at: "b", if: forget },
  },
  {
    ...toB,
    name: "ICMPv6 redirect: the way to the client is through A",
    frames: redirect6("B", "GW.ll6"),
    works: { at: "b", if: "ip -6 route get {CLIENT.ip6} | grep -q 'via {A.ll6}'" },
    undo: { at: "b", if: forget },
  },
  {
    ...toHost,
    name: "ICMP redirect in the provider's gateway's name",
    frames: redirect4("HOST", "ROUTER.ip4"),
    works: { at: "host", if: "ip route get {CLIENT.ip4} | grep -q 'via {A.ip4}'" },
  },
  {
    ...toHost,
    name: "ICMPv6 redirect in a router's name",
    frames: redirect6("HOST", "NOBODY.ll6"),
    works: { at: "host", if: "ip -6 route get {CLIENT.ip6} | grep -q 'via {A.ll6}'" },
  },
  {
    ...toB,
    name: "DHCPv4 offer to all",
    frames: `Ether(src=A.mac,dst="ff:ff:ff:ff:ff:ff")/IP(src=A.ip4,dst="255.255.255.255")/UDP(sport=67,dport=68)${offer("B.mac")}`,
  },
  {
    ...toB,
    name: "DHCPv4 offer to B alone",
    frames: `Ether(src=A.mac,dst=B.mac)/IP(src=A.ip4,dst=B.ip4)/UDP(sport=67,dport=68)${offer("B.mac")}`,
  },
  {
    ...toHost,
    name: "DHCPv4 offer",
    frames: `Ether(src=A.mac,dst="ff:ff:ff:ff:ff:ff")/IP(src=A.ip4,dst="255.255.255.255")/UDP(sport=67,dport=68)${offer("HOST.mac")}`,
  },
  {
    ...toB,
    name: "DHCPv6 advertisement to B",
    frames: `Ether(src=A.mac,dst=B.mac)/IPv6(src=A.ll6,dst=B.ll6)/UDP(sport=547,dport=546)/DHCP6_Advertise(trid=7)`,
  },
  {
    ...toB,
    name: "DHCPv6 advertisement to all nodes",
    frames: `Ether(src=A.mac,dst="33:33:00:00:00:01")/IPv6(src=A.ll6,dst="ff02::1")/UDP(sport=547,dport=546)/DHCP6_Advertise(trid=7)/MARK`,
  },
];
