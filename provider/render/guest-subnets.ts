import type { MachineNetworkArgs } from "../model/args";
import { UNKNOWN, isUnknown } from "../model/unknown";
import { header } from "./header";
import type { Section } from "./ini";
import { items } from "./items";

/** All subnets of a network, in order; unknown ones as the sentinel. */
export function subnetsOf(network: Pick<MachineNetworkArgs, "subnets">): string[] {
  return items(network.subnets).map((entry) => (isUnknown(entry) ? UNKNOWN : entry.subnet));
}

/** Behind every route that the guest's own links have. */
const last = "65535";

/** Priority of rules: before those that lead out by one of several networks, which have none and stand behind. */
const first = "1000";

/**
 * Sections of the guest's systemd.network(5) file by which it is the router for its subnets. What it uses nowhere is
 * unreachable: else it would go back to the host, which sends it here again (RFC 7084, 4.2).
 *
 * @param table where what comes from them is routed, if not in the main one, in which its own links stay
 */
export function routerSections(subnets: readonly string[], table: number | undefined): Section[] {
  return subnets.flatMap((subnet): Section[] => [
    ["Route", { Destination: subnet, Type: "unreachable", Metric: last }],
    ...(table === undefined
      ? []
      : [
          ["RoutingPolicyRule", { To: subnet, Table: "main", Priority: first }] satisfies Section,
          ["RoutingPolicyRule", { From: subnet, Table: String(table) }] satisfies Section,
        ]),
  ]);
}

/** sysctl.d(5) in a guest that is a router. */
export function forwardingFile(networks: readonly MachineNetworkArgs[]): string | undefined {
  const subnets = networks.flatMap(subnetsOf);
  if (subnets.includes(UNKNOWN)) return UNKNOWN;
  return subnets.length === 0 ? undefined : `${header}net.ipv6.conf.all.forwarding = 1\n`;
}
