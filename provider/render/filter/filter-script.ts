import type { BridgeArgs } from "../../model/args";
import { knownAttach } from "../../model/known-mode";
import { attachments } from "../../model/modes/rules";
import { filledIn, hostText } from "../../host/text";
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
 *
 * @param where `lan`: what a DHCP server outside gives counts
 */
export function filterScript(args: Of, where?: "lan"): string {
  const { bridge, attach, subnets } = args;
  const words = [undefined, where, knownAttach(attach), subnets === true ? "subnets" : undefined];
  const names = { BRIDGE: bridge, FAMILY: attachFilter(attach).family, TABLE: filterTable(bridge) };
  const blanks = {
    ...names,
    AWAITED: bridgeAwaited(bridge),
    ELEMENTS: `\n${textFor("filter.awk", words, names)}`,
    FILTER: filterFile(bridge),
    LEASES: hostText("leases.sh", names).replace(/^# shellcheck.*\n|\n$/g, ""),
    ROUTES: routeFile(bridge, "*", attach),
    SERVICE: filterService(bridge),
  };
  return `${header}${textFor("filter.sh", words, blanks)}`;
}

const tagged = new RegExp(`^(.*) #(${attachments.join("|")}|subnets|lan)$`);

/**
 * Lines for one way of attachment alone end with its name, those about subnets, or for a LAN, with that word. A file is a machine,
 * which is called like it, or like its folder.
 */
function textFor(name: string, words: readonly (string | undefined)[], blanks: Record<string, string>): string {
  const own = hostText(name)
    .split("\n")
    .flatMap((line) => {
      const [, text = line, only] = tagged.exec(line) ?? [];
      return words.includes(only) ? [text] : [];
    });
  return filledIn(own.join("\n"), blanks);
}
