import type { BridgeArgs } from "../../model/args";
import { knownIsolation } from "../../model/known-mode";
import type { Isolation } from "../../model/mode";
import { filterDirectory } from "../../model/paths";
import { UNKNOWN, hasUnknown } from "../../model/unknown";
import { header } from "../header";

/** What a mode makes of the arguments of a bridge. */
export type Tables = (args: BridgeArgs) => string;

/** Of each isolation with which a mode has tables. */
export type TablesOf = Partial<Record<Isolation, Tables>>;

/**
 * The filter of a protected bridge, nftables(8): what a machine's port may send is listed, everything else is dropped. All
 * of it is loaded in one transaction, and machines add to its sets by files of their own (filter-machine.ts).
 */
export function filter(args: BridgeArgs, tables: Tables): string {
  const { bridge, uplink, mode, allowBetween, hostServices, vxlan } = args;
  if (hasUnknown([bridge, mode, uplink, vxlan, args.attach, args.macvlan, allowBetween, hostServices])) return UNKNOWN;
  return `${header}${tables(args)}${machines[knownIsolation(args.isolation)](bridge)}`;
}

/** Where machines trust each other, the files that they have from isolation `tenant`, until their own update, name sets that are gone. */
const machines: Record<Isolation, (bridge: string) => string> = {
  none: () => "",
  tenant: (bridge) => `include "${filterDirectory}/${bridge}.d/*.nft"\n`,
};
