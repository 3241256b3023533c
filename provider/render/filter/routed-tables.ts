import type { BridgeArgs } from "../../model/args";
import { filterTable } from "../../model/paths";
import { attachFilter } from "./filter-attach";
import { policyChains, policySets } from "./filter-policy";

/** A table in the place of whatever has its name. */
export const anew = (family: string, table: string, content: string): string =>
  `table ${family} ${table}\ndelete table ${family} ${table}\ntable ${family} ${table} {\n${content}}\n`;

/** The tables of a routed bridge, made anew each time. */
export function routedTables(args: BridgeArgs): string {
  const { bridge, attach } = args;
  const table = filterTable(bridge);
  const own = attachFilter(attach);
  return [
    anew("bridge", table, own.bridge(args)),
    anew("arp", table, own.arp(args)),
    anew("inet", table, `${own.inetSets(args)}${policySets(args)}${own.inetChains(args)}${policyChains(args)}`),
  ].join("");
}
