import { bridged, hosted, routed } from "../mode";
import type { Trial } from "../trial";
import { more } from "./pieces";

const forgetGroups = "for snooping in 0 1; do ip link set {HOST.bridge} type bridge mcast_snooping $snooping; done";

/** Only a bridge that was down has forgotten who asks; what that takes from it networkd brings back. */
const forgetQuerier =
  "ip link set {HOST.bridge} down; ip link set {HOST.bridge} up; networkctl reconfigure {HOST.bridge}; sleep 2";

/** What fills tables of the host, or everybody's time. */
export const flood: readonly Trial[] = [
  {
    victim: "host",
    name: "3,000 MAC addresses",
    modes: bridged,
    frames: 'vary(Ether(src="02:66:00:00:00:00",dst=HOST.mac)/IP(src=A.ip4,dst=HOST.ip4)/UDP(dport=9)/MARK,[8],3000)',
    works: { at: "host", if: more("bridge fdb show br {HOST.bridge}", 500) },
    undo: { at: "host", if: "ip link set {A.port} type bridge_slave fdb_flush" },
  },
  {
    victim: "host",
    name: "2,000 senders of ARP: the table of IPv4 neighbours",
    modes: hosted,
    frames: "vary(Ether(src=A.mac,dst=HOST.mac)/ARP(op=1,hwsrc=A.mac,psrc='10.0.0.1',pdst=HOST.ip4),[28],2000)",
    works: { at: "host", if: more("ip -4 neigh show", 300) },
    undo: { at: "host", if: "ip -4 neigh flush dev {HOST.bridge}; :" },
  },
  {
    victim: "host",
    name: "1,000 senders of NS: the table of IPv6 neighbours",
    modes: hosted,
    frames:
      "[Ether(src=A.mac,dst=HOST.mac)/IPv6(src=f'fe80::66:{i:x}',dst=HOST.ll6,hlim=255)/ICMPv6ND_NS(tgt=HOST.ll6)/ICMPv6NDOptSrcLLAddr(lladdr=A.mac) for i in range(1,1001)]",
    works: { at: "host", if: more("ip -6 neigh show", 300) },
    undo: { at: "host", if: "ip -6 neigh flush dev {HOST.bridge}; :" },
  },
  {
    victim: "host",
    name: "packets to 1,000 free addresses of the host's network: neighbours of the uplink",
    frames:
      "[Ether(src=A.mac,dst=GW.mac)/IPv6(src=A.ip6,dst=NOBODY.near6[:-1]+f'{i:x}')/UDP(sport=7777,dport=9)/MARK for i in range(16,1016)]",
    works: { at: "host", if: more("ip -6 neigh show dev {HOST.uplink}", 300) },
    undo: {
      at: "host",
      if: "ip -6 neigh flush dev {HOST.uplink} nud failed; ip -6 neigh flush dev {HOST.uplink} nud incomplete; :",
    },
    modes: routed,
  },
  {
    victim: "host",
    name: "1,000 multicast groups: the bridge's table of groups",
    modes: bridged,
    frames:
      "[Ether(src=A.mac,dst=f'33:33:00:66:{i>>8:02x}:{i&255:02x}')/IPv6(src=A.ll6,dst=f'ff05::66:{i:x}',hlim=1)/IPv6ExtHdrHopByHop(options=[RouterAlert(value=0),PadN()])/ICMPv6MLReport(mladdr=f'ff05::66:{i:x}') for i in range(256,1256)]",
    works: { at: "host", if: more("bridge mdb show dev {HOST.bridge}", 300) },
    undo: {
      at: "host",
      if: forgetGroups,
    },
  },
  {
    victim: "B",
    name: "2,000 multicasts",
    modes: routed,
    frames:
      'vary(Ether(src=A.mac,dst="01:00:5e:00:00:fb")/IP(src=A.ip4,dst="224.0.0.251",ttl=255)/UDP(sport=5353,dport=5353)/MARK,[],2000)',
    seen: { at: "b" },
  },
  {
    victim: "host",
    name: "2,000 multicasts: more than half reach the host",
    frames:
      'vary(Ether(src=A.mac,dst="01:00:5e:00:00:fb")/IP(src=A.ip4,dst="224.0.0.251",ttl=255)/UDP(sport=5353,dport=5353)/MARK,[],2000)',
    seen: { at: "bridge", least: 1000 },
  },
  {
    victim: "host",
    name: "2,000 ARP requests of A's own: more than half reach the host",
    frames: 'vary(Ether(src=A.mac,dst="ff:ff:ff:ff:ff:ff")/ARP(op=1,hwsrc=A.mac,psrc=A.ip4,pdst=HOST.ip4),[],2000)',
    seen: { at: "bridge", least: 1000 },
  },
  // Last of all: with A as the one who asks, the bridge lets no more multicast through that nobody answered for.
  {
    victim: "host",
    name: "MLD query: the bridge sends all multicast to A",
    modes: bridged,
    works: { at: "host", if: "bridge -d mdb show dev {HOST.bridge} | grep -q 'router ports.*{A.port}'" },
    undo: { at: "host", if: forgetQuerier },
    frames: `Ether(src=A.mac,dst="33:33:00:00:00:01")/IPv6(src=A.ll6,dst="ff02::1",hlim=1)/IPv6ExtHdrHopByHop(options=[RouterAlert(value=0),PadN()])/ICMPv6MLQuery()`,
  },
];
