import type { Seen, Trial } from "../trial";
import { learnt, more, never } from "./pieces";

const mode = { modes: ["vxlan"], times: 2 } as const;
const beside = { ...mode, combinations: ["bridges"] } as const;

/** Numbers of the network, and of another one of the same host whose peers are others. */
const [id, otherId] = [5001, 5002];

/** ARP of somebody whom no host knows, for everybody. */
const stranger =
  "ffffffffffff" +
  "026666666666" +
  "0806" +
  "0001080006040001" +
  "026666666666" +
  "c63364fb".padEnd(20, "0") +
  "0a6300fa";

/** A program that sends it in VXLAN to a host, whole or cut into two parts of IPv4 after the headers. */
const said = (to: string, number: number, cut = false): string => `python3 - <<'end'
import socket, struct
data = struct.pack("!II", 0x08000000, ${number} << 8) + bytes.fromhex("${stranger}") + bytes(18) + b"{MARK}"
${cut ? parts(to) : whole(to)}
end`;

const whole = (to: string): string => `s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for _ in range(2): s.sendto(data, ("${to}", 4789))`;

const parts = (to: string): string => `s = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
udp = struct.pack("!HHHH", 4000, 4789, 8 + len(data), 0) + data
for at, flags in ((0, 0x2000), (16, 2)):
    part = udp[:16] if at == 0 else udp[16:]
    head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(part), 4711, flags, 64, 17, 0, bytes(4), socket.inet_aton("${to}"))
    s.sendto(head + part, ("${to}", 0))`;

const inner =
  'Ether(src=NOBODY.mac,dst="ff:ff:ff:ff:ff:ff")/IP(src=NOBODY.ip4,dst="255.255.255.255")/UDP(dport=7777)/MARK';

/** From A, as if the host that it is on were somebody's peer. */
const wrapped = (source: string, to: string, number = id): string =>
  `Ether(src=A.mac,dst=HOST.mac)/IP(src=${source},dst=${to})/UDP(sport=4000,dport=4789,chksum=0)/VXLAN(flags=8,vni=${number})/${inner}`;

const toC = { ...mode, victim: "C", seen: { at: "c" } } as const;
const out = { ...mode, victim: "outside", seen: { at: "uplink" } } as const;

const byA: readonly Trial[] = [
  { ...toC, name: "VXLAN to A's own host, from A's address", frames: wrapped("A.ip4", "HOST.out4") },
  { ...toC, name: "VXLAN to A's own host, in the peer's name", frames: wrapped("PEER.ip4", "HOST.out4") },
  { ...toC, name: "VXLAN to whoever is on the link", frames: wrapped("A.ip4", '"255.255.255.255"') },
  {
    ...{ ...toC, combinations: ["bridges"], victim: "E", seen: { at: "e" } as const },
    ...{ name: "VXLAN of another network, in the peer's name", frames: wrapped("PEER.ip4", "HOST.out4", otherId) },
  },
  { ...out, name: "VXLAN to the peer, from A's address", frames: wrapped("A.ip4", "PEER.ip4") },
  {
    ...{ ...out, name: "VXLAN to the peer, in the host's name", frames: wrapped("HOST.out4", "PEER.ip4") },
    harmless: "Linux drops packets that come in with an address of its own",
  },
];

const places = {
  client: "a stranger",
  router: "the provider's router",
  d: "a machine that the host translates",
  peer: "the other host",
};
const targets = {
  host: ["{HOST.out4}", "the host"],
  peer: ["{PEER.ip4}", "the other host"],
} as const;

/** By a program somewhere: to whom, by which network, and who sees it. */
const sent = (at: keyof typeof places, target: keyof typeof targets, number: number, seen: Seen["at"]): Trial => ({
  ...(at === "d" || number === otherId ? beside : mode),
  ...{ victim: seen.toUpperCase(), at, works: never, seen: { at: seen }, script: said(targets[target][0], number) },
  name: `VXLAN ${number === id ? "" : "of another network "}from ${places[at]} to ${targets[target][1]}`,
});

const programs: readonly Trial[] = [
  sent("client", "host", id, "c"),
  sent("client", "peer", id, "b"),
  sent("router", "host", id, "c"),
  sent("d", "host", id, "c"),
  sent("d", "peer", id, "b"),
  sent("client", "host", otherId, "e"),
  sent("peer", "host", otherId, "e"),
  {
    ...sent("client", "host", id, "c"),
    name: "VXLAN from a stranger to the host, in parts",
    script: said("{HOST.out4}", id, true),
  },
];

/** What does not come by the network's own tunnel, of whose number it says to be. */
export const encapsulated: readonly Trial[] = [
  ...byA,
  ...programs,
  {
    ...{ ...mode, times: 1, victim: "other host" },
    name: "3,000 MAC addresses through the tunnel",
    frames: 'vary(Ether(src="02:66:00:00:00:00",dst=B.mac)/IP(src=A.ip4,dst=B.ip4)/UDP(dport=9)/MARK,[8],3000)',
    works: { at: "peer", if: learnt("^02:66:") },
  },
  {
    ...{ ...mode, times: 1, victim: "B" },
    name: "1,000 senders of NS through the tunnel: B's table of neighbours",
    frames:
      "[Ether(src=A.mac,dst=B.mac)/IPv6(src=f'fe80::66:{i:x}',dst=B.ll6,hlim=255)/ICMPv6ND_NS(tgt=B.ll6)/ICMPv6NDOptSrcLLAddr(lladdr=A.mac) for i in range(1,1001)]",
    works: { at: "b", if: more("ip -6 neigh show", 300) },
    undo: { at: "b", if: "ip -6 neigh flush dev {B.inside}; :" },
  },
  {
    ...{ ...mode, times: 1, victim: "B" },
    name: "2,000 broadcasts: more than half go through the tunnel",
    frames:
      'vary(Ether(src=A.mac,dst="ff:ff:ff:ff:ff:ff")/IP(src=A.ip4,dst="255.255.255.255")/UDP(dport=7778)/MARK,[],2000)',
    seen: { at: "b", least: 1000 },
  },
];
