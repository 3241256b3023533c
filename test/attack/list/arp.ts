import { hosted } from "../mode";
import type { Look, Place, Trial } from "../trial";

const fake = "02:66:66:66:66:66";

/** The victim's neighbour table says that an address is at another MAC address than its own. */
export const poisoned = (at: Place, address: string, mac = "{A.mac}"): Look => ({
  at,
  if: `ip neigh show ${address} | grep -qi 'lladdr ${mac}'`,
});

/** For longer than the second in which the kernel takes no other neighbour. */
const insisting = { times: 4, every: 0.4 };

const toHost = { victim: "host", seen: { at: "bridge" }, ...insisting } as const;
const toB = { victim: "B", seen: { at: "b" }, ...insisting } as const;
const everyone = '"ff:ff:ff:ff:ff:ff"';

/** A claims other machines' and the gateway's IPv4 addresses. */
export const arp: readonly Trial[] = [
  {
    ...toHost,
    name: "ARP reply: B's address is at A",
    frames: "Ether(src=A.mac,dst=HOST.mac)/ARP(op=2,hwsrc=A.mac,psrc=B.ip4,hwdst=HOST.mac,pdst=HOST.ip4)",
    works: poisoned("host", "{B.ip4}"),
  },
  {
    ...toHost,
    name: "ARP request with B's address as sender",
    frames: "Ether(src=A.mac,dst=HOST.mac)/ARP(op=1,hwsrc=A.mac,psrc=B.ip4,pdst=HOST.ip4)",
    works: poisoned("host", "{B.ip4}"),
  },
  {
    ...toHost,
    name: "gratuitous ARP request for B's address",
    frames: `Ether(src=A.mac,dst=${everyone})/ARP(op=1,hwsrc=A.mac,psrc=B.ip4,pdst=B.ip4)`,
    works: poisoned("host", "{B.ip4}"),
  },
  {
    ...toHost,
    name: "gratuitous ARP reply for B's address",
    frames: `Ether(src=A.mac,dst=${everyone})/ARP(op=2,hwsrc=A.mac,psrc=B.ip4,hwdst=${everyone},pdst=B.ip4)`,
    works: poisoned("host", "{B.ip4}"),
  },
  {
    ...toHost,
    name: "ARP from A's MAC address: A is at a MAC address of nobody",
    frames: "Ether(src=A.mac,dst=HOST.mac)/ARP(op=2,hwsrc=NOBODY.mac,psrc=A.ip4,hwdst=HOST.mac,pdst=HOST.ip4)",
    works: poisoned("host", "{A.ip4}", fake),
  },
  {
    ...toHost,
    name: "ARP from A's MAC address: B is at a MAC address of nobody",
    frames: "Ether(src=A.mac,dst=HOST.mac)/ARP(op=2,hwsrc=NOBODY.mac,psrc=B.ip4,hwdst=HOST.mac,pdst=HOST.ip4)",
    works: poisoned("host", "{B.ip4}", fake),
  },
  {
    ...toHost,
    name: "ARP reply with B's MAC address as Ethernet source",
    frames: "Ether(src=B.mac,dst=HOST.mac)/ARP(op=2,hwsrc=A.mac,psrc=B.ip4,hwdst=HOST.mac,pdst=HOST.ip4)",
    works: poisoned("host", "{B.ip4}"),
  },
  {
    ...toHost,
    name: "ARP of hardware type 6, which Linux takes too",
    frames:
      "Ether(src=A.mac,dst=HOST.mac)/ARP(hwtype=6,hwlen=6,plen=4,op=2,hwsrc=mac2str(A.mac),psrc=B.ip4,hwdst=mac2str(HOST.mac),pdst=HOST.ip4)",
    works: poisoned("host", "{B.ip4}"),
  },
  {
    ...toHost,
    name: "ARP with VLAN tag 0, which Linux takes off",
    frames: "Ether(src=A.mac,dst=HOST.mac)/Dot1Q(vlan=0)/ARP(op=2,hwsrc=A.mac,psrc=B.ip4,hwdst=HOST.mac,pdst=HOST.ip4)",
    works: poisoned("host", "{B.ip4}"),
  },
  {
    ...toHost,
    name: "ARP: the provider's gateway is at A",
    frames: "Ether(src=A.mac,dst=HOST.mac)/ARP(op=1,hwsrc=A.mac,psrc=ROUTER.ip4,pdst=HOST.ip4)",
    works: poisoned("host", "{ROUTER.ip4}"),
  },
  {
    victim: "router",
    modes: ["transparent"],
    ...insisting,
    name: "ARP reply: B's address is at A",
    frames: "Ether(src=A.mac,dst=GW.mac)/ARP(op=2,hwsrc=A.mac,psrc=B.ip4,hwdst=GW.mac,pdst=GW.ip4)",
    works: poisoned("router", "{B.ip4}"),
  },
  {
    victim: "router",
    modes: ["transparent"],
    ...insisting,
    name: "ARP request with the host's address as sender",
    frames: "Ether(src=A.mac,dst=GW.mac)/ARP(op=1,hwsrc=A.mac,psrc=HOST.ip4,pdst=GW.ip4)",
    works: poisoned("router", "{HOST.ip4}"),
    undo: {
      at: "host",
      if: "ip neigh flush dev {HOST.bridge}; ping -q -c 1 -W 1 {GW.ip4}; :",
    },
  },
  {
    ...toB,
    name: "ARP reply: the gateway is at A",
    frames: "Ether(src=A.mac,dst=B.mac)/ARP(op=2,hwsrc=A.mac,psrc=GW.ip4,hwdst=B.mac,pdst=B.ip4)",
    works: poisoned("b", "{GW.ip4}"),
  },
  {
    ...toB,
    name: "ARP request with the gateway's address as sender",
    frames: "Ether(src=A.mac,dst=B.mac)/ARP(op=1,hwsrc=A.mac,psrc=GW.ip4,pdst=B.ip4)",
    works: poisoned("b", "{GW.ip4}"),
  },
  {
    ...toB,
    name: "gratuitous ARP for the gateway's address",
    frames: `Ether(src=A.mac,dst=${everyone})/ARP(op=2,hwsrc=A.mac,psrc=GW.ip4,hwdst=${everyone},pdst=GW.ip4)`,
    works: poisoned("b", "{GW.ip4}"),
  },
  {
    ...toB,
    name: "ARP in an LLC/SNAP frame",
    frames:
      "Dot3(src=A.mac,dst=B.mac)/LLC(dsap=0xaa,ssap=0xaa,ctrl=3)/SNAP(code=0x0806)/ARP(op=2,hwsrc=A.mac,psrc=GW.ip4,hwdst=B.mac,pdst=B.ip4)",
    works: poisoned("b", "{GW.ip4}"),
  },
  {
    victim: "host",
    modes: hosted,
    name: "A takes B's IPv4 address and announces it (arping -U)",
    script:
      "ip addr add {B.ip4}/32 dev host0; arping -q -U -c 3 -I host0 {B.ip4}; arping -q -A -c 1 -I host0 {B.ip4}; ip addr del {B.ip4}/32 dev host0; :",
    works: poisoned("host", "{B.ip4}"),
  },
];
