import { hostText } from "../host/text";
import { header } from "./header";

/**
 * The script that answers ARP and ND on the uplink for the listed addresses and for no others, network-facts 2b and 3:
 * entries of one address each, never the proxy_arp setting. It removes what it set itself, never foreign entries, and
 * takes an uplink that learns its router by RA along into forwarding. S1.23, S1.51, S1.53, S1R.04.
 *
 * @param uplink interface name; the interface of the default route when absent
 */
export function uplinkScript(uplink: string | undefined): string {
  return `#!/bin/sh\n${header}uplink='${uplink ?? ""}'\n${hostText("uplink.sh")}`;
}
