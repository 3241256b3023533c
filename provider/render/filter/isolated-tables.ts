import type { BridgeArgs } from "../../model/args";
import { filterTable } from "../../model/paths";
import { wiredNames } from "../../model/wired";
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

/**
 * The same where machines trust each other: nothing is listed of what they send. A macvlan beside the bridge and the end of the
 * pair that it is on are links of the host, with MAC addresses that frames can be sent to, so they are shut as the bridge is.
 */
export function trustingTables({ bridge, macvlan }: BridgeArgs): string {
  const table = filterTable(bridge);
  const wired: Record<string, string> = macvlan === undefined ? {} : { ...wiredNames(macvlan) };
  const links = [bridge, ...Object.values(wired)];
  const all = `{ ${links.map((link) => `"${link}"`).join(", ")} }`;
  const input = `  chain input {
    type filter hook input priority -300; policy accept;
    iifname ${all} drop
  }
`;
  const passing = `  chain forward {
    type filter hook forward priority -300; policy accept;
    iifname ${all} oifname != ${all} drop
    oifname ${all} iifname != ${all} drop
  }
`;
  const chains = { bridge: "", arp: input, inet: `${input}${passing}` };
  return Object.entries(chains)
    .map(
      ([family, text]) =>
        `table ${family} ${table}\ndelete table ${family} ${table}\ntable ${family} ${table} {\n${text}}\n`,
    )
    .join("");
}

const forward = (bridge: string): string => `  chain forward {
    type filter hook forward priority -300; policy accept;
    iifname "${bridge}" oifname != "${bridge}" drop
    oifname "${bridge}" iifname != "${bridge}" drop
  }
`;
