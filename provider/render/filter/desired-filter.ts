import type { BridgeArgs } from "../../model/args";
import type { Fact } from "../../model/desired";
import { filterFile, filterScriptFile, filterService, nftablesDropIn, unitFile } from "../../model/paths";
import { filter } from "./filter";
import { filterScript } from "./filter-script";
import { filterUnit, nftablesUnit } from "./filter-units";

/** A bridge's part of what is wanted of the host. */
interface Protection {
  files?: Record<string, string>;
  units?: Record<string, string>;
  packages?: Record<string, string>;
  live?: Record<string, Fact>;
}

/** What protects the machines of a bridge from each other; nothing with isolation "none". */
export function desiredFilter(args: BridgeArgs): Protection {
  const { bridge, isolation } = args;
  if (isolation !== "tenant") return {};
  const service = filterService(bridge);
  return {
    files: {
      [filterFile(bridge)]: filter(args),
      [filterScriptFile(bridge)]: filterScript(args),
      [unitFile(service)]: filterUnit(bridge),
      [nftablesDropIn(bridge)]: nftablesUnit(bridge),
    },
    units: { [service]: "enabled" },
    packages: { nftables: "installed" },
    live: { units: { [service]: "active" }, filter: "loaded" },
  };
}
