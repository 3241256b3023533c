import { hostText } from "../host/text";
import type { HostArgs } from "../model/args";
import { neighbourService } from "../model/paths";
import { UNKNOWN, hasUnknown } from "../model/unknown";
import { header } from "./header";

/**
 * The script that answers ARP and ND on the uplink for the listed addresses and for no others, network-facts 2b and 3:
 * entries of one address each, never the proxy_arp setting. It removes what it set itself, never foreign entries, and
 * takes an uplink that learns its router by RA along into forwarding. S1.23, S1.51, S1.53, S1R.04.
 *
 * @param uplink interface name; the interface of the default route when absent
 * @param neighbourProxy who answers for subnets
 */
export function uplinkScript(uplink: string | undefined, neighbourProxy?: HostArgs["neighbourProxy"]): string {
  if (hasUnknown([uplink, neighbourProxy])) return UNKNOWN;
  const forSubnets = neighbourProxy === undefined ? "" : hostText("ndppd.sh", { SERVICE: neighbourService });
  return `#!/bin/sh\n${header}uplink='${uplink ?? ""}'\n${hostText("uplink.sh")}${forSubnets}exit "$result"\n`;
}
