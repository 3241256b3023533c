import type { Trial } from "../trial";

const alone = { modes: ["isolated", "vxlan"], times: 2 } as const;
const toHost = { ...alone, victim: "host", seen: { at: "program" } } as const;
const out = { ...alone, victim: "outside", seen: { at: "uplink" } } as const;
const noIpv6 = "the host has no IPv6 on such a bridge";

/** Somebody gave the host a way to a machine, and at the router somebody takes it. */
const given = (to: string) =>
  ({
    before: [{ at: "host", script: `ip route replace {${to}.ip4} dev {HOST.bridge}` }],
    at: "router",
    script: `ip route replace {${to}.ip4} via {HOST.ip4} dev {ROUTER.link} onlink; ping -q -c 3 -i 0.3 -W 1 -p {MARKHEX} {${to}.ip4} >/dev/null; ip route del {${to}.ip4}; false`,
  }) as const;

/** Ways from a network of machines alone to the host that it stands on, and past it. */
export const machinesAlone: readonly Trial[] = [
  {
    ...toHost,
    name: "UDP to a program of the host, IPv4",
    frames: "Ether(src=A.mac,dst=HOST.mac)/IP(src=A.ip4,dst=HOST.ip4)/UDP(sport=7777,dport=8081)/MARK",
  },
  {
    ...toHost,
    name: "UDP to a program of the host, to all",
    frames:
      "Ether(src=A.mac,dst='ff:ff:ff:ff:ff:ff')/IP(src=A.ip4,dst='255.255.255.255')/UDP(sport=7777,dport=8081)/MARK",
  },
  {
    ...toHost,
    name: "UDP to a program of the host, IPv6",
    frames: "Ether(src=A.mac,dst=HOST.mac)/IPv6(src=A.ip6,dst=HOST.ip6)/UDP(sport=7777,dport=8081)/MARK",
    harmless: noIpv6,
  },
  {
    ...out,
    name: "UDP past the host, IPv4",
    frames: "Ether(src=A.mac,dst=HOST.mac)/IP(src=A.ip4,dst=CLIENT.ip4)/UDP(sport=7777,dport=9)/MARK",
  },
  {
    ...out,
    name: "UDP past the host, IPv6",
    frames: "Ether(src=A.mac,dst=HOST.mac)/IPv6(src=A.ip6,dst=CLIENT.ip6)/UDP(sport=7777,dport=9)/MARK",
    harmless: noIpv6,
  },
  {
    ...alone,
    modes: ["isolated", "macvlan"],
    victim: "B",
    name: "from the uplink, over a way that somebody gave the host",
    ...given("B"),
    seen: { at: "b" },
  },
  {
    ...alone,
    modes: ["vxlan"],
    victim: "C",
    name: "from the uplink, over a way that somebody gave the host",
    ...given("C"),
    seen: { at: "c" },
  },
];
