import { routed } from "../mode";
import type { Look, Trial } from "../trial";

/** At the router: asks on the host's cable who has an address; succeeds when an answer comes, be it dropped then. */
const asked = (family: 4 | 6, address: string, answer: string): string => {
  const ip = `ip -${family}`;
  return `heard=$(mktemp); timeout 3 tcpdump -n -l -Q in -c 1 -i {ROUTER.link} '${answer}' >"$heard" 2>/dev/null & dump=$!; sleep 1
${ip} route replace ${address} dev {ROUTER.link}; ping -${family} -q -c 2 -i 0.3 -W 1 ${address} >/dev/null; wait "$dump"
grep -q . "$heard"; code=$?
${ip} route del ${address} dev {ROUTER.link}; ${ip} neigh flush to ${address}; rm "$heard"; exit $code`;
};

/** At the router: a packet to B from an address that is A's. */
const sent = (family: 4 | 6): string => {
  const [from, to, length] = [`{A.ip${family}}`, `{B.ip${family}}`, family === 4 ? 32 : 128];
  return `ip addr add ${from}/${length} dev lo; ping -${family} -q -c 2 -i 0.3 -W 1 -p {MARKHEX} -I ${from} ${to} >/dev/null; ip addr del ${from}/${length} dev lo`;
};

const never: Look = { at: "host", if: "false" };

/** What comes over the uplink. */
export const uplink: readonly Trial[] = [
  {
    victim: "router",
    name: "ARP on the uplink for an address that is not ours",
    modes: routed,
    at: "router",
    script: asked(4, "{NOBODY.ip4}", "arp[6:2] = 2 and arp src host {NOBODY.ip4}"),
    weaken: {
      script: "ip route add {NOBODY.ip4} dev {HOST.bridge}; echo 1 >/proc/sys/net/ipv4/conf/{HOST.uplink}/proxy_arp",
      undo: "ip route del {NOBODY.ip4} dev {HOST.bridge}; echo 0 >/proc/sys/net/ipv4/conf/{HOST.uplink}/proxy_arp",
    },
  },
  {
    victim: "router",
    name: "ND on the uplink for an address that is not ours",
    modes: routed,
    at: "router",
    script: asked(6, "{NOBODY.near6}", "icmp6[0] = 136"),
    weaken: {
      script: "ip neigh add proxy {NOBODY.near6} dev {HOST.uplink}",
      undo: "ip neigh del proxy {NOBODY.near6} dev {HOST.uplink}",
    },
  },
  {
    victim: "B",
    name: "from the uplink in A's name, IPv4",
    modes: ["routed", "veth"],
    at: "router",
    script: sent(4),
    works: never,
    seen: { at: "b" },
  },
  {
    victim: "B",
    name: "from the uplink in A's name, IPv6",
    modes: routed,
    at: "router",
    script: sent(6),
    works: never,
    seen: { at: "b" },
  },
];
