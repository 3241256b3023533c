import { routed } from "../mode";
import type { Trial } from "../trial";
import { asked, never, proxied, sentFrom } from "./pieces";

/** At the router: a packet to B from an address that is A's. */
const sent = (family: 4 | 6): string => sentFrom(family, `{A.ip${family}}`, `{B.ip${family}}`);

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
    weaken: proxied("{NOBODY.near6}", "{HOST.uplink}"),
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
