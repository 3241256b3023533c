import type { BridgeArgs } from "../../model/args";
import { filterTable } from "../../model/paths";
import { lanChains, lanSets } from "./filter-lan";
import { hostPolicy } from "./filter-policy";
import { tunnelSets } from "./filter-tunnel";

/** The tables of a bridge on the LAN. */
export const lanTables = (args: BridgeArgs): string => sharedTables(args, hostPolicy(args));

/**
 * The tables of a bridge on which machines reach each other directly, emptied and filled again: what the LAN's DHCP server has
 * given stays known.
 *
 * @param inet chains of the host itself
 * @param arp its chains for ARP
 */
export function sharedTables(args: BridgeArgs, inet: string, arp = ""): string {
  const table = filterTable(args.bridge);
  const sets = `${lanSets}${args.vxlan === undefined ? "" : tunnelSets}`;
  const members = [...sets.matchAll(/^ {2}set (\w+) (?!.*flags dynamic)/gm)].map(([, name]) => name);
  return [
    `table bridge ${table} {\n${sets}}\nflush table bridge ${table}\n`,
    ...members.map((name) => `flush set bridge ${table} ${name}\n`),
    `table bridge ${table} {\n${lanChains(args)}}\n`,
    ...["arp", "inet"].map((family) => `table ${family} ${table}\ndelete table ${family} ${table}\n`),
    `table arp ${table} {\n${arp}}\ntable inet ${table} {\n${inet}}\n`,
  ].join("");
}
