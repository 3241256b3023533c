import { natPorts } from "../mode";
import type { Trial } from "../trial";
import { never } from "./pieces";

const nat = { modes: ["nat"] } as const;

/** At the router: a packet to a machine's private address, which the host is taken for the way to. */
const sent = (to: string, from = ""): string => {
  const way = `${to} via {HOST.out4} dev {ROUTER.link} onlink`;
  const [take, leave] = [`ip addr add ${from}/32 dev lo; `, `; ip addr del ${from}/32 dev lo`];
  const ping = `ping -q -c 2 -i 0.3 -W 1 -p {MARKHEX} ${from === "" ? "" : `-I ${from}`} ${to} >/dev/null`;
  return `${from === "" ? "" : take}ip route replace ${way}; ${ping}; ip route del ${to}${from === "" ? "" : leave}`;
};

/** What leaves the host's uplink with a private address as its source. */
const count = `nft -f - <<'end'
table ip attack-private
delete table ip attack-private
table ip attack-private {
  chain leaving { type filter hook postrouting priority 300; oifname "{HOST.uplink}" ip saddr 10.0.0.0/8 counter; }
}
end`;
const left = { at: "host", if: "nft list table ip attack-private | grep -q 'packets [1-9]'" } as const;
const untranslated = { ...nat, victim: "outside", before: [{ at: "host", script: count }], works: left } as const;

/** What a network that the host translates has to keep apart. */
export const hidden: readonly Trial[] = [
  { ...nat, victim: "host", name: "SSH of the host, on its address outside", script: "reach tcp {HOST.out4} 22" },
  {
    ...nat,
    victim: "B",
    name: "from the uplink to B's private address",
    at: "router",
    script: sent("{B.ip4}"),
    works: never,
    seen: { at: "b" },
  },
  {
    ...nat,
    victim: "B",
    name: "from the uplink to B's private address, in A's name",
    at: "router",
    script: sent("{B.ip4}", "{A.ip4}"),
    works: never,
    seen: { at: "b" },
  },
  {
    ...untranslated,
    name: "A's private address as source: an end of a connection that never was (RST)",
    frames: "Ether(src=A.mac,dst=GW.mac)/IP(src=A.ip4,dst=CLIENT.ip4)/TCP(sport=4711,dport=80,flags='RA')/MARK",
    times: 2,
  },
  {
    ...untranslated,
    name: "A's private address as source: an error about a connection that never was",
    frames:
      "Ether(src=A.mac,dst=GW.mac)/IP(src=A.ip4,dst=CLIENT.ip4)/ICMP(type=3,code=1)/IP(src=CLIENT.ip4,dst=A.ip4)/UDP(sport=5,dport=6)/MARK",
    times: 2,
  },
  {
    ...untranslated,
    name: "A's private address as source: an echo reply that nobody asked for",
    frames: "Ether(src=A.mac,dst=GW.mac)/IP(src=A.ip4,dst=CLIENT.ip4)/ICMP(type=0)/MARK",
    times: 2,
  },
  {
    ...nat,
    victim: "D",
    combinations: ["bridges"],
    name: "TCP to D, which the host translates as well",
    script: "reach tcp {D.ip4} 7777",
  },
  {
    ...nat,
    victim: "A",
    combinations: ["firewall"],
    name: "TCP from the client to a port of the host that leads nowhere",
    at: "client",
    script: `timeout 5 bash --norc -c 'exec 3<>/dev/tcp/{HOST.out4}/${natPorts[0].host + 1}'`,
    harmless: "no program of the host has it",
  },
];
