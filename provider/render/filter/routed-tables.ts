import type { BridgeArgs } from "../../model/args";
import { filterTable } from "../../model/paths";
import { attachFilter } from "./filter-attach";
import { policyChains, policySets } from "./filter-policy";

/** The tables of a routed bridge, made anew each time. */
export function routedTables(args: BridgeArgs): string {
  const { bridge, allowBetween, attach } = args;
  const table = filterTable(bridge);
  const own = attachFilter(attach);
  const anew = (family: string, content: string): string =>
    `table ${family} ${table}\ndelete table ${family} ${table}\ntable ${family} ${table} {\n${content}}\n`;
  return [
    anew("bridge", own.bridge),
    anew("arp", own.arp(args)),
    anew("inet", `${own.inetSets}${policySets(allowBetween)}${own.inetChains(args)}${policyChains(args)}`),
  ].join("");
}
