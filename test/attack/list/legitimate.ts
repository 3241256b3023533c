import { hosted, natPorts, open4, routed, unhosted } from "../mode";
import type { Place, Trial } from "../trial";
import { behind } from "./behind";
import { clientTcp, clientUdp } from "./client";

const ping = (address: string, more = "") => `ping -q -c 2 -i 0.3 -W 2 ${more} ${address} >/dev/null`;
const first = (address: string) => `ping -q -c 1 -W 2 ${address} >/dev/null`;

type Script = (family: "4" | "6") => string;

/** The same for both families: `4` and `6` stand where addresses do. */
function both(name: string, victim: string, script: Script, more: Partial<Trial> = {}): Trial[] {
  return (["4", "6"] as const).map((family) => ({
    name: `${name}, IPv${family}`,
    victim,
    script: script(family),
    ...more,
  }));
}

/** By way of the host, or to it. */
const routedBoth = (name: string, victim: string, script: Script, more: Partial<Trial> = {}): Trial[] =>
  both(name, victim, script, { modes: hosted, ...more });

/** To a machine's own address, from where only what is public is known. */
const inward = (name: string, victim: string, script: Script, more: Partial<Trial> = {}): Trial[] => {
  const [four, six] = routedBoth(name, victim, script, more);
  return [{ ...four!, modes: open4 }, six!];
};

const [web8090, udp7790] = natPorts;

const forget = (at: Place) => (at === "host" ? "ip neigh flush dev {HOST.bridge}" : "ip neigh flush dev {A.inside}");
const together = ["plain", "services", "bridges", "subnets"];
const grouped = ["groups", "subnets-groups"];
const web = { "4": "192.0.2.80", "6": "2001:db8:ffff::80" };
const resolver = { "4": "185.12.64.1", "6": "2a01:4ff:ff00::add:1" };
const gateway = { "4": "{GW.ip4}", "6": "{GW.ll6}%host0" };

/** What has to pass in each mode and combination. */
export const legitimate: readonly Trial[] = [
  ...routedBoth("neighbour of the gateway, resolved anew", "gateway", (f) => `${forget("a")}; ${first(gateway[f])}`),
  ...routedBoth("ping of the gateway", "gateway", (f) => ping(gateway[f])),
  ...routedBoth("ping from the host", "A", (f) => `${forget("host")}; ${first(`{A.ip${f}}`)}`, { at: "host" }),
  ...routedBoth("ping of the client", "client", (f) => ping(`{CLIENT.ip${f}}`)),
  ...inward("ping from the client", "A", (f) => ping(`{A.ip${f}}`), { at: "client" }),
  ...routedBoth("4,000 bytes to the client", "client", (f) => ping(`{CLIENT.ip${f}}`, "-s 4000")),
  ...inward("4,000 bytes from the client", "A", (f) => ping(`{A.ip${f}}`, "-s 4000"), { at: "client" }),
  ...routedBoth("TCP to the client's network", "client", (f) => `reach tcp ${web[f]} 80`),
  ...inward("TCP from the client", "A", (f) => clientTcp(`{A.ip${f}}`, 80), { at: "client" }),
  ...routedBoth("UDP to the resolver", "resolver", (f) => `reach dns ${resolver[f]} 53`),
  ...inward("UDP from the client", "A", (f) => clientUdp(`{A.ip${f}}`), { at: "client" }),
  ...both("first packet from A to B", "B", (f) => `${forget("a")}; ${first(`{B.ip${f}}`)}`, {
    combinations: [...together, "firewall"],
  }),
  ...both("ping of B", "B", (f) => ping(`{B.ip${f}}`), { combinations: [...together, "firewall"] }),
  ...both("4,000 bytes to B", "B", (f) => ping(`{B.ip${f}}`, "-s 4000"), { combinations: [...together, "firewall"] }),
  ...both("TCP to B", "B", (f) => `reach tcp {B.ip${f}} 7777`, { combinations: [...together, "firewall"] }),
  ...both("UDP to B", "B", (f) => `reach udp {B.ip${f}} 7777`, { combinations: [...together, "firewall"] }),
  ...both("ping of C, which is in A's group", "C", (f) => ping(`{C.ip${f}}`), { combinations: grouped }),
  ...both("TCP to C, which is in A's group", "C", (f) => `reach tcp {C.ip${f}} 7777`, { combinations: grouped }),
  ...routedBoth("TCP to an open port of the host", "host", (f) => `reach tcp {HOST.ip${f}} 8080`, {
    combinations: ["services"],
  }),
  ...routedBoth("UDP to an open port of the host", "host", (f) => `reach udp {HOST.ip${f}} 8080`, {
    combinations: ["services"],
  }),
  ...inward("ping of D on another bridge", "D", (f) => ping(`{D.ip${f}}`), { combinations: ["bridges"] }),
  {
    name: "TCP from the client to the host's port that leads to A",
    victim: "A",
    modes: ["nat"],
    at: "client",
    script: clientTcp("{HOST.out4}", web8090.host),
  },
  {
    name: "UDP from the client to the host's port that leads to A",
    victim: "A",
    modes: ["nat"],
    at: "client",
    script: clientUdp("{HOST.out4}", udp7790.host),
  },
  ...both("ping of C", "C", (f) => ping(`{C.ip${f}}`), { modes: unhosted, combinations: together }),
  ...both("TCP to C", "C", (f) => `reach tcp {C.ip${f}} 7777`, { modes: unhosted, combinations: together }),
  ...behind,
  {
    name: "mDNS to the gateway, IPv4",
    victim: "host",
    modes: hosted,
    frames:
      'Ether(src=A.mac,dst="01:00:5e:00:00:fb")/IP(src=A.ip4,dst="224.0.0.251",ttl=255)/UDP(sport=5353,dport=5353)/DNS(qd=DNSQR(qname="a.local"))/MARK',
    seen: { at: "bridge" },
  },
  {
    name: "mDNS to the gateway, IPv6",
    victim: "host",
    modes: hosted,
    frames:
      'Ether(src=A.mac,dst="33:33:00:00:00:fb")/IPv6(src=A.ll6,dst="ff02::fb",hlim=255)/UDP(sport=5353,dport=5353)/DNS(qd=DNSQR(qname="a.local"))/MARK',
    seen: { at: "bridge" },
  },
  {
    name: "DHCP",
    victim: "A",
    modes: ["transparent", "nat"],
    script:
      "ip -4 addr flush dev host0; networkctl reconfigure host0; timeout 20 sh -c 'until ip -4 addr show dev host0 | grep -q {A.ip4}; do sleep 0.2; done'",
  },
  ...(
    [
      ["nat", "host", "bridge"],
      ["transparent", "router", "uplink"],
    ] as const
  ).map(([mode, victim, at]) => ({
    name: "DHCP: a lease is renewed, from the machine's own address",
    victim,
    modes: [mode],
    frames: `Ether(src=A.mac,dst=GW.mac)/IP(src=A.ip4,dst=GW.ip4)/UDP(sport=68,dport=67)/BOOTP(chaddr=mac2str(A.mac),ciaddr=A.ip4,xid=0x4712)/DHCP(options=[("message-type","request"),"end"])/MARK`,
    seen: { at },
  })),
  {
    name: "SLAAC",
    victim: "A",
    modes: ["transparent"],
    script:
      "ip -6 addr flush dev host0 scope global; networkctl reconfigure host0; timeout 20 sh -c 'until ip -6 addr show dev host0 | grep -q {A.ip6}; do sleep 0.2; done'",
  },
  {
    name: "the machine's name of its own gateway, ndisc6",
    victim: "host",
    modes: routed,
    script: "ndisc6 -q -1 -w 1500 {GW.ll6} host0 | grep -qi {GW.mac}",
  },
];
