import type { BridgeArgs } from "../../model/args";
import type { Fact } from "../../model/desired";
import { knownIsolation } from "../../model/known-mode";
import type { Isolation } from "../../model/mode";
import { filterFile, filterScriptFile, filterService, nftablesDropIn, unitFile } from "../../model/paths";
import { filter, type TablesOf } from "./filter";
import { filterScript } from "./filter-script";
import { filterUnit, nftablesUnit } from "./filter-units";

/** A bridge's part of what is wanted of the host. */
interface Protection {
  files?: Record<string, string>;
  units?: Record<string, string>;
  packages?: Record<string, string>;
  live?: Record<string, Fact>;
  /** Of the bridge. On a LAN machines may say which multicast they want, and one of them could fill a table of it. */
  snooping?: "no";
}

/**
 * What protects the machines of a bridge from each other, and the host from them; nothing where a mode has no such tables.
 *
 * @param where see `filterScript`
 */
export function desiredFilter(args: BridgeArgs, tables: TablesOf, where?: "lan"): Protection {
  const isolation = knownIsolation(args.isolation);
  const own = tables[isolation];
  return own === undefined ? {} : { ...loaded(args, filter(args, own), where), ...snoopings[isolation] };
}

const snoopings: Record<Isolation, Pick<Protection, "snooping">> = { none: {}, tenant: { snooping: "no" } };

function loaded(args: BridgeArgs, text: string, where?: "lan"): Protection {
  const { bridge } = args;
  const service = filterService(bridge);
  return {
    files: {
      [filterFile(bridge)]: text,
      [filterScriptFile(bridge)]: filterScript(args, where),
      [unitFile(service)]: filterUnit(bridge),
      [nftablesDropIn(bridge)]: nftablesUnit(bridge),
    },
    units: { [service]: "enabled" },
    packages: { nftables: "installed" },
    live: { units: { [service]: "active" }, filter: "loaded" },
  };
}
