import type { BridgeArgs } from "../../model/args";
import type { Attach } from "../../model/mode";
import { hostText } from "../../host/text";
import { filterFile, filterService, filterTable, routeFile } from "../../model/paths";
import { header } from "../header";

/** Ends when the bridge is there: it has no device unit where udev does not run. */
export const bridgeAwaited = (bridge: string): string =>
  `until [ -e /sys/class/net/${bridge}/bridge ]; do sleep 0.1; done`;

/** Of a bridge. */
type Of = Pick<BridgeArgs, "bridge" | "attach">;

/**
 * The bridge's own script. `load` gives nftables the filter in one transaction; who is on the bridge, and with which
 * addresses, it takes from the drop-ins by which networkd routes to the machines, so that no address can be routed to one
 * and allowed to another. `await PORT` is what a machine's unit runs before it starts.
 */
export function filterScript({ bridge, attach }: Of): string {
  const blanks = {
    AWAITED: bridgeAwaited(bridge),
    BRIDGE: bridge,
    FAMILY: attach === "veth" ? "inet" : "bridge",
    FILTER: filterFile(bridge),
    ROUTES: routeFile(bridge, "*", attach),
    SERVICE: filterService(bridge),
    TABLE: filterTable(bridge),
  };
  return `${header}${hostText("filter.sh", { ...blanks, ELEMENTS: `\n${elements(attach, blanks)}` })}`;
}

/** Lines for one way of attachment alone end with its name. A file is a machine, which is called like it, or like its folder. */
function elements(attach: Attach, blanks: Record<string, string>): string {
  const lines = hostText("filter.awk", blanks).split("\n");
  const other = attach === "veth" ? " #bridge" : " #veth";
  return lines
    .filter((line) => !line.endsWith(other))
    .map((line) => line.replace(/ #(bridge|veth)$/, ""))
    .join("\n");
}
