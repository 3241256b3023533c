import type { BridgeArgs } from "../../model/args";
import { filterTable } from "../../model/paths";
import { lanChains, lanSets } from "./filter-lan";
import { hostPolicy } from "./filter-policy";

/** The tables of a bridge on the LAN, emptied and filled again: what the LAN's DHCP server has given stays known. */
export function lanTables(args: BridgeArgs): string {
  const { bridge, uplink = "", allowBetween } = args;
  const table = filterTable(bridge);
  const members = [...lanSets.matchAll(/^ {2}set (\w+) (?!.*flags dynamic)/gm)].map(([, name]) => name);
  const inet = hostPolicy(args);
  return [
    `table bridge ${table} {\n${lanSets}}\nflush table bridge ${table}\n`,
    ...members.map((name) => `flush set bridge ${table} ${name}\n`),
    `table bridge ${table} {\n${lanChains(uplink, allowBetween === "none")}}\n`,
    ...["arp", "inet"].map((family) => `table ${family} ${table}\ndelete table ${family} ${table}\n`),
    `table arp ${table} {\n}\ntable inet ${table} {\n${inet}}\n`,
  ].join("");
}
