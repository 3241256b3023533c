import { bridged, routed } from "../mode";
import type { Trial } from "../trial";

const toB = { victim: "B", seen: { at: "b" }, times: 2 } as const;
const legit4 = "IP(src=A.ip4,dst=B.ip4)/UDP(sport=7777,dport=9)/MARK";

/**
 * Frames that no machine has to send: other MAC addresses, tags, protocols of switches, other machines' cables. On
 * a LAN machines hear each other's broadcasts, and frames go straight from one to another.
 */
export const layer2: readonly Trial[] = [
  { ...toB, modes: routed, name: "a frame straight to B, IPv4", frames: `Ether(src=A.mac,dst=B.mac)/${legit4}` },
  {
    ...toB,
    modes: routed,
    name: "a frame straight to B, IPv6",
    frames: "Ether(src=A.mac,dst=B.mac)/IPv6(src=A.ip6,dst=B.ip6)/UDP(sport=7777,dport=9)/MARK",
  },
  {
    ...toB,
    modes: routed,
    name: "an IPv4 broadcast",
    frames: 'Ether(src=A.mac,dst="ff:ff:ff:ff:ff:ff")/IP(src=A.ip4,dst="255.255.255.255")/UDP(dport=7777)/MARK',
  },
  {
    ...toB,
    modes: routed,
    name: "a multicast, IPv4",
    frames:
      'Ether(src=A.mac,dst="01:00:5e:00:00:fb")/IP(src=A.ip4,dst="224.0.0.251",ttl=255)/UDP(sport=5353,dport=5353)/MARK',
  },
  {
    ...toB,
    modes: routed,
    name: "a multicast, IPv6",
    frames:
      'Ether(src=A.mac,dst="33:33:00:00:00:fb")/IPv6(src=A.ll6,dst="ff02::fb",hlim=255)/UDP(sport=5353,dport=5353)/MARK',
  },
  {
    victim: "B",
    name: "B's MAC address as the source: B's frames come to A",
    times: 2,
    frames: "Ether(src=B.mac,dst=HOST.mac)/IP(src=A.ip4,dst=HOST.ip4)/ICMP()/MARK",
    works: { at: "host", if: "bridge fdb show br {HOST.bridge} | grep -qi '^{B.mac} dev {A.port}'" },
    seen: { at: "bridge" },
    undo: { at: "b", if: "ping -q -c 1 -W 1 {GW.ip4} >/dev/null; :" },
  },
  {
    victim: "B",
    name: "B's MAC address as the source of a frame for bridges (LLDP), which are learnt from before any filter",
    modes: bridged,
    times: 2,
    frames: 'Ether(src=B.mac,dst="01:80:c2:00:00:0e",type=0x88cc)/MARK',
    works: { at: "host", if: "bridge fdb show br {HOST.bridge} | grep -qi '^{B.mac} dev {A.port}'" },
    undo: { at: "b", if: "ping -q -c 1 -W 1 {GW.ip4} >/dev/null; :" },
  },
  {
    victim: "router",
    modes: ["transparent"],
    name: "the router's MAC address as the source: frames for the router come to A",
    times: 2,
    frames: "Ether(src=GW.mac,dst=HOST.mac)/IP(src=A.ip4,dst=HOST.ip4)/ICMP()/MARK",
    works: { at: "host", if: "bridge fdb show br {HOST.bridge} | grep -qi '^{GW.mac} dev {A.port}'" },
    undo: { at: "host", if: "ping -q -c 1 -W 1 {GW.ip4} >/dev/null; :" },
  },
  {
    victim: "host",
    name: "the bridge's MAC address as the source",
    times: 2,
    frames: `Ether(src=HOST.mac,dst=B.mac)/${legit4}`,
    seen: { at: "b" },
  },
  {
    ...toB,
    name: "a multicast MAC address as the source",
    frames: `Ether(src="33:33:00:00:00:01",dst=B.mac)/${legit4}`,
    harmless: "a bridge drops such frames itself",
  },
  { ...toB, name: "VLAN tag 0", frames: `Ether(src=A.mac,dst=B.mac)/Dot1Q(vlan=0)/${legit4}` },
  { ...toB, name: "VLAN tag 5 (802.1Q)", frames: `Ether(src=A.mac,dst=B.mac)/Dot1Q(vlan=5)/${legit4}` },
  {
    ...toB,
    name: "two VLAN tags (QinQ)",
    frames: `Ether(src=A.mac,dst=B.mac,type=0x88a8)/Dot1Q(vlan=5)/Dot1Q(vlan=6)/${legit4}`,
  },
  {
    ...toB,
    name: "BPDU: A is the root of the spanning tree",
    frames:
      'Dot3(src=A.mac,dst="01:80:c2:00:00:00")/LLC(dsap=0x42,ssap=0x42,ctrl=3)/STP(rootid=0,rootmac=A.mac,bridgeid=0,bridgemac=A.mac)',
  },
  {
    ...toB,
    name: "LLDP to the nearest customer bridge",
    frames:
      'Ether(src=A.mac,dst="01:80:c2:00:00:00",type=0x88cc)/Raw(bytes.fromhex("0207040266666666660403076130060200780000"))',
  },
  {
    victim: "host",
    name: "LLDP to the nearest bridge",
    // Of a network that the host translates no port ever hears it.
    modes: ["routed", "veth", "transparent"],
    frames:
      'Ether(src=A.mac,dst="01:80:c2:00:00:0e",type=0x88cc)/Raw(bytes.fromhex("0207040266666666660403076130060200780000"))',
    works: { at: "host", if: "networkctl lldp --no-pager | grep -qi 66:66:66" },
  },
  { ...toB, name: "an unknown EtherType", frames: "Ether(src=A.mac,dst=B.mac,type=0x88b5)/MARK" },
  {
    ...toB,
    name: "PPPoE discovery",
    frames: 'Ether(src=A.mac,dst="ff:ff:ff:ff:ff:ff",type=0x8863)/Raw(bytes.fromhex("110900000004010100000000"))',
  },
];
