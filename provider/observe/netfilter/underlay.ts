import { familyOf } from "../../model/address";
import { inChain } from "./advice";
import type { Obstacle } from "./obstacles";
import type { Netfilter } from "./ruleset";
import { atHook } from "./walk";

/** What the host has to take for a bridge's tunnel to other hosts. */
export interface Underlay {
  /** For people. */
  what: "VXLAN" | "WireGuard";
  /** By which it comes; absent: whichever leads to the peers. */
  link?: string;
  /** Its own address. */
  local: string;
  peers: string[];
  /** UDP. */
  port: number;
}

/** Others' filters that certainly drop what comes from a peer. */
export function underlayObstacles({ what, link, local, peers, port }: Underlay, netfilter: Netfilter): Obstacle[] {
  return peers.flatMap((peer) => {
    const packet = {
      ...{ family: familyOf(peer), protocol: "udp", port: String(port), state: "new" as const },
      ...{ source: peer, destination: local, iif: link },
    };
    const { dropped } = atHook(netfilter, "input", packet);
    if (dropped === undefined) return [];
    const { family, table, name } = dropped.chain;
    const word = familyOf(peer) === "ipv6" ? "ip6" : "ip";
    const rule = {
      nft: `${link === undefined ? "" : `iifname "${link}" `}${word} saddr ${peer} udp dport ${port}`,
      iptables: `${link === undefined ? "" : `-i ${link} `}-s ${peer} -p udp --dport ${port}`,
    };
    return [
      {
        text: `${what} from ${peer}: table ${family} ${table}, chain ${name}, ${dropped.by}`,
        advice: inChain(dropped, [rule], dropped.base.name),
      },
    ];
  });
}
