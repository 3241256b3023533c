import type { BridgeArgs } from "../../model/args";
import { filterDirectory, filterTable } from "../../model/paths";
import { UNKNOWN, hasUnknown } from "../../model/unknown";
import { cableArp, cableChains } from "./filter-cable";
import { lanChains, lanSets } from "./filter-lan";
import { hostPolicy, policyChains, policySets } from "./filter-policy";
import { PASSED, portChains, portSets } from "./filter-port";
import { header } from "../header";

/**
 * The filter of a protected bridge, nftables(8): what a machine's port may send is listed, everything else is dropped. All
 * of it is loaded in one transaction, and machines add to its sets by files of their own (filter-machine.ts).
 */
export function filter(args: BridgeArgs): string {
  const { bridge, uplink, mode, allowBetween, hostServices } = args;
  if (hasUnknown([bridge, mode, uplink, args.attach, allowBetween, hostServices])) return UNKNOWN;
  const tables = mode === "transparent" ? lanTables(args) : routedTables(args);
  return `${header}${tables}include "${filterDirectory}/${bridge}.d/*.nft"\n`;
}

/** Made anew each time. Without ports the bridge's own table stays empty. */
function routedTables(args: BridgeArgs): string {
  const { bridge, allowBetween, attach } = args;
  const table = filterTable(bridge);
  const cables = attach === "veth";
  const anew = (family: string, content: string): string =>
    `table ${family} ${table}\ndelete table ${family} ${table}\ntable ${family} ${table} {\n${content}}\n`;
  return [
    anew("bridge", cables ? "" : `${portSets}${portChains}`),
    anew("arp", cables ? cableArp(args) : arpChain(bridge)),
    anew(
      "inet",
      `${cables ? portSets : ""}${policySets(allowBetween)}${cables ? cableChains(args) : ""}${policyChains(args)}`,
    ),
  ].join("");
}

/** Emptied and filled again: what the LAN's DHCP server has given stays known. */
function lanTables(args: BridgeArgs): string {
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

function arpChain(bridge: string): string {
  return `  chain input {
    type filter hook input priority -300; policy accept;
    iifname "${bridge}" meta mark & ${PASSED} == 0 drop
  }
`;
}
