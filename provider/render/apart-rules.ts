import type { BridgeArgs } from "../model/args";
import { ruleLine } from "../model/fact/rule";

/** One rule of ip-rule(8), as networkd has it, and as the fact. */
interface ApartRule {
  keys: Record<string, string>;
  line: string;
}

/**
 * What comes from the bridge of a private network goes where the host has a route other than its default one, which leads to the
 * public network; the private network's is such a one. None where the host has no public network.
 */
export function apartRules({ bridge, privateNetwork }: BridgeArgs): ApartRule[] {
  if (privateNetwork === undefined || privateNetwork.only === true) return [];
  const rule = (priority: number, keys: Record<string, string>, action: string): ApartRule => ({
    keys: { IncomingInterface: bridge, Family: "ipv4", Priority: String(priority), ...keys },
    line: ruleLine({ priority, link: bridge, action }),
  });
  return [
    rule(1000, { Table: "main", SuppressPrefixLength: "0" }, "lookup main suppress_prefixlength 0"),
    rule(1001, { Type: "unreachable" }, "unreachable"),
  ];
}
