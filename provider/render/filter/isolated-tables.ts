import type { BridgeArgs } from "../../model/args";
import { underlayChains } from "./filter-tunnel";
import { sharedTables } from "./lan-tables";

/**
 * The tables of a bridge that machines have to themselves: the host takes nothing from it, and forwards nothing to or from it.
 * With br_netfilter, as Docker loads it, what is bridged from port to port passes the chain forward as well.
 */
export const isolatedTables = (args: BridgeArgs): string => {
  const input = `  chain input {
    type filter hook input priority -300; policy accept;
    iifname "${args.bridge}" drop
  }
`;
  const underlay = args.vxlan === undefined ? "" : underlayChains(args.vxlan);
  return sharedTables(args, `${input}${forward(args.bridge)}${underlay}`, input);
};

const forward = (bridge: string): string => `  chain forward {
    type filter hook forward priority -300; policy accept;
    iifname "${bridge}" oifname != "${bridge}" drop
    oifname "${bridge}" iifname != "${bridge}" drop
  }
`;
