import type { BridgeArgs } from "../../model/args";
import { arpRules, ipv4Chain, ipv6Chains, volumeChain } from "./filter-port";

/** Sets of the ARP table: who may say what of which address. */
const arpSets = `  set members { type ifname; }
  set ports { typeof iifname . arp saddr ether; }
  set source4 { typeof iifname . arp saddr ip; }
  set loud { typeof iifname; size 1024; flags dynamic; }
`;

const pass = `  chain pass {
    accept
  }
`;

/**
 * What a machine with a cable of its own may send, where it comes in: before fragments are put together, as on a bridge.
 * The bridge itself has no port; whoever is on it, as a machine is that has not been attached anew yet, is cut off.
 */
export function cableChains(args: Pick<BridgeArgs, "bridge" | "subnets">): string {
  const { bridge } = args;
  return `  chain frames {
    type filter hook prerouting priority -450; policy accept;
    iifname "${bridge}" drop
    iifname @members goto port
  }
  chain port {
    iifname . ether saddr != @ports drop
    meta nfproto vmap { ipv4 : goto ipv4_packet, ipv6 : goto ipv6_packet }
    drop
  }
${ipv4Chain}${ipv6Chains(args)}${volumeChain}${pass}`;
}

/** ARP passes by no other table. */
export function cableArp({ bridge }: Pick<BridgeArgs, "bridge">): string {
  return `${arpSets}  chain input {
    type filter hook input priority -300; policy accept;
    iifname "${bridge}" drop
    iifname @members goto port
  }
  chain port {
${arpRules}  }
${volumeChain}${pass}`;
}
