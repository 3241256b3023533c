import type { Seen, Trial } from "../trial";

/** Where a DHCP server hears machines: the host itself, or the LAN behind the uplink. */
const servers: readonly { mode: string; victim: string; seen: Seen }[] = [
  { mode: "nat", victim: "host", seen: { at: "bridge" } },
  { mode: "transparent", victim: "router", seen: { at: "uplink" } },
];

const all = '"255.255.255.255"';
const asked = (source: string, to: string, { ports = "sport=68,dport=67", more = "" } = {}): string =>
  `Ether(src=A.mac,dst=${to === all ? '"ff:ff:ff:ff:ff:ff"' : "GW.mac"})/IP(src=${source},dst=${to}${more})/UDP(${ports})`;
const about = (kind: string, client: string, more = ""): string =>
  `/BOOTP(chaddr=mac2str(${client}),ciaddr=B.ip4,xid=0x4711)/DHCP(options=[("message-type","${kind}"),("client_id",b"\\1"+mac2str(B.mac))${more},"end"])/MARK`;
const release = about("release", "B.mac", ',("server_id",GW.ip4)');

const questions: readonly Pick<Trial, "name" | "frames">[] = [
  { name: "DHCP: a question in B's name to all", frames: asked('"0.0.0.0"', all) + about("discover", "B.mac") },
  { name: "DHCP: B's lease is given back, from A's own address", frames: asked("A.ip4", "GW.ip4") + release },
  { name: "DHCP: the same from B's address", frames: asked("B.ip4", "GW.ip4") + release },
  { name: "DHCP: the same to all", frames: asked("A.ip4", all) + release },
  {
    name: "DHCP: the same from another port",
    frames: asked("A.ip4", "GW.ip4", { ports: "sport=6868,dport=67" }) + release,
  },
  {
    name: "DHCP: the same in fragments, the first of which ends before the client's MAC address",
    frames: `[Ether(src=A.mac,dst=GW.mac)/part for part in fragment((${asked("A.ip4", "GW.ip4")}${release}).getlayer(IP), 24)]`,
  },
  {
    name: "DHCP: A's own question from B's address, to who is no server",
    frames: `Ether(src=A.mac,dst=GW.mac)/IP(src=B.ip4,dst=CLIENT.ip4)/UDP(sport=68,dport=67)${about("request", "A.mac")}`,
  },
];

/** A asks for leases, or gives them back, in another's name. */
export const lease: readonly Trial[] = [
  ...servers.flatMap(({ mode, victim, seen }) =>
    questions.map((question) => ({ ...question, victim, modes: [mode], seen, times: 2 })),
  ),
  {
    name: "DHCP: A asks for every address of the pool, and B for its own after it",
    victim: "B",
    modes: ["nat"],
    script: "python3 -B /opt/attack/starve.py {GW.ip4} 300",
    works: {
      at: "b",
      if: "ip -4 addr flush dev host0; networkctl reconfigure host0; ! timeout 20 sh -c 'until ip -4 addr show dev host0 | grep -q {B.ip4}; do sleep 0.2; done'",
    },
    harmless: "machines have static leases, which are nobody else's",
  },
];
