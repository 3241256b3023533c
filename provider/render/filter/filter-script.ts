import type { BridgeArgs } from "../../model/args";
import { knownAttach } from "../../model/known-mode";
import { attachments } from "../../model/modes/rules";
import { hostText } from "../../host/text";
import { filterFile, filterService, filterTable, routeFile } from "../../model/paths";
import { attachFilter } from "./filter-attach";
import { header } from "../header";

/** Ends when the bridge is there: it has no device unit where udev does not run. */
export const bridgeAwaited = (bridge: string): string =>
  `until [ -e /sys/class/net/${bridge}/bridge ]; do sleep 0.1; done`;

/** The same of any other link. */
export const linkAwaited = (link: string): string => `until [ -e /sys/class/net/${link} ]; do sleep 0.1; done`;

/** Of a bridge. */
type Of = Pick<BridgeArgs, "bridge" | "attach" | "subnets">;

/**
 * The bridge's own script. `load` gives nftables the filter in one transaction; who is on the bridge, and with which
 * addresses, it takes from the drop-ins by which networkd routes to the machines, so that no address can be routed to one
 * and allowed to another. `await PORT` is what a machine's unit runs before it starts.
 */
export function filterScript(args: Of): string {
  const { bridge, attach } = args;
  const blanks = {
    AWAITED: bridgeAwaited(bridge),
    BRIDGE: bridge,
    FAMILY: attachFilter(attach).family,
    FILTER: filterFile(bridge),
    ROUTES: routeFile(bridge, "*", attach),
    SERVICE: filterService(bridge),
    TABLE: filterTable(bridge),
  };
  return `${header}${hostText("filter.sh", { ...blanks, ELEMENTS: `\n${elements(args, blanks)}` })}`;
}

const tagged = new RegExp(`^(.*) #(${attachments.join("|")}|subnets)$`);

/**
 * Lines for one way of attachment alone end with its name, those about subnets with that word. A file is a machine, which is
 * called like it, or like its folder.
 */
function elements({ attach, subnets }: Of, blanks: Record<string, string>): string {
  const kept: (string | undefined)[] = [undefined, knownAttach(attach), ...(subnets === true ? ["subnets"] : [])];
  const lines = hostText("filter.awk", blanks).split("\n");
  return lines
    .flatMap((line) => {
      const [, text = line, only] = tagged.exec(line) ?? [];
      return kept.includes(only) ? [text] : [];
    })
    .join("\n");
}
