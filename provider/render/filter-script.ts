import type { Attach, BridgeArgs } from "../model/args";
import { filterFile, filterService, filterTable, routeFile } from "../model/paths";

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
  const table = filterTable(bridge);
  const unknown = `the packet filter of ${bridge} does not know $1, so the machine is not started; see systemctl status ${filterService(bridge)}`;
  return `# by pulumi-nspawn
set -eu
machines() {
  for file in ${routeFile(bridge, "*", attach)}; do
    if [ -e "$file" ]; then printf '%s\\n' "$file"; fi
  done | xargs -r -d '\\n' awk -F = '${elements(table, attach)}'
}
load() {
  cat ${filterFile(bridge)}
  machines
}
await() {
  timeout 30 sh -c '${bridgeAwaited(bridge)}'
  if ! /usr/sbin/nft get element ${framesOf(attach)} ${table} members "{ $1 }" >/dev/null; then
    echo "${unknown}" >&2
    exit 1
  fi
}
case $1 in
  load)
    # Whole, or not at all.
    rules=$(load)
    printf '%s\\n' "$rules" | /usr/sbin/nft -f -
    ;;
  await) await "$2" ;;
esac
`;
}

/** The family of the table that looks at what machines send. */
const framesOf = (attach: Attach): string => (attach === "veth" ? "inet" : "bridge");

/** awk(1), as mawk has it: a file is a machine, which is called like it, or like its folder. */
const elements = (table: string, attach: Attach): string => `
function group(text) { return substr("0000" text, length(text) + 1) }
function number(address,   halves, left, right, before, after, text, at) {
  split(address, halves, "::")
  before = split(halves[1], left, ":")
  after = split(halves[2], right, ":")
  for (at = 1; at <= before; at++) text = text group(left[at])
  for (at = before + after; at < 8; at++) text = text "0000"
  for (at = 1; at <= after; at++) text = text group(right[at])
  return "0x" text
}
function add(table, set, value) { said = said "add element " table " ${table} " set " { " value " }\\n" }
FNR == 1 {
  ours = $0 == "# by pulumi-nspawn"
  port = FILENAME
${attach === "veth" ? cableOf : portOf}  said = ""
}
!ours { next }
$1 == "Destination" || $1 == "Address" {
  sub(/\\/.*$/, "", $2)
  family = $2 ~ /:/ ? 6 : 4
  add("${framesOf(attach)}", "source" family, port " . " $2)
  if (family == 6) add("${framesOf(attach)}", "target6", port " . " number($2))
  if ($1 == "Destination") add("inet", "own" family, $2)
${attach === "veth" ? arpSources : ""}}
$1 == "LinkLayerAddress" {
  add("${framesOf(attach)}", "members", port)
  add("${framesOf(attach)}", "ports", port " . " $2)
${attach === "veth" ? arpPorts : ""}  gsub(/:/, "", $2)
  add("${framesOf(attach)}", "option6", port " . 0x" $2)
  printf "%s", said
}
`;

const portOf = `  gsub(/^.*\\/|\\.conf$/, "", port)
  port = "\\"vb-" port "\\""
`;

const cableOf = `  gsub(/^.*\\/10-|\\.network\\.d\\/.*$/, "", port)
  port = "\\"" port "\\""
`;

/** A cable's ARP passes by a table of its own. */
const arpSources = `  if (family == 4) add("arp", "source4", port " . " $2)
`;

const arpPorts = `  add("arp", "members", port)
  add("arp", "ports", port " . " $2)
`;
