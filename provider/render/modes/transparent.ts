import type { BridgeArgs } from "../../model/args";
import type { Desired } from "../../model/desired";
import { bridgeLinkLine } from "../../model/fact/bridge-link";
import { portLine } from "../../model/fact/port";
import {
  ifupDropIn,
  ifupdownDropIn,
  netdevDropIn,
  netdevFile,
  networkDropIn,
  networkFile,
  portFile,
} from "../../model/paths";
import { netdev } from "../bridge";
import { desired } from "../desired";
import { desiredFilter } from "../filter/desired-filter";
import { lanElements } from "../filter/filter-machine";
import { lanTables } from "../filter/lan-tables";
import { lanGuest } from "../guest-network";
import { ini } from "../ini";
import { addressGiven } from "../port";
import type { RenderedMode } from "./rendered-mode";

/** Machines are on the LAN itself: the uplink is a port of their bridge, and nobody routes to them. */
export const transparent: RenderedMode = {
  bridge,
  guest: lanGuest,
  out: () => ["ipv4", "ipv6"],
  protection: "guarded",
  afterStart: addressGiven,
  elements: lanElements,
};

/**
 * What a bridge of mode transparent wants: the uplink as its port, the host's addresses on itself. No file that the host
 * had for its uplink is edited, whoever wrote it: they are told to leave the interface alone. S2.02, S2.12.
 */
function bridge(args: BridgeArgs): Desired {
  const { bridge, uplink = "", ipv4, ipv6, mtu } = args;
  const protection = desiredFilter(args, { tenant: lanTables }, "lan");
  return desired({
    files: {
      ...protection.files,
      [netdevFile(bridge)]: netdev(args, protection.snooping),
      [networkFile(bridge)]: network(args),
      [portFile(uplink)]: port(bridge, uplink, mtu),
      [ifupdownDropIn]: ini([["Service", { Environment: `EXCLUDE_INTERFACES=${uplink}` }]]),
      [ifupDropIn(uplink)]: ini([["Unit", { ConditionPathExists: `!${portFile(uplink)}` }]]),
    },
    boot: {
      // The next boot waits for the bridge where it waited for the uplink.
      units: { "systemd-networkd-wait-online.service": "enabled", ...protection.units },
      packages: protection.packages,
      uplink: [netdevDropIn(bridge), networkDropIn(bridge)],
    },
    live: {
      ...protection.live,
      link: bridgeLinkLine({ name: bridge, kind: "bridge", up: true, mtu }),
      uplink: portLine({ name: uplink, master: bridge }),
      addresses: [ipv4, ipv6].filter((address) => address !== undefined),
    },
  });
}

/**
 * Addresses as DHCP and router advertisements give them, like before on the uplink; a drop-in that the host writes for
 * itself keeps the lease's identity, or has static addresses in the place of DHCP.
 */
function network({ bridge, mtu }: BridgeArgs): string {
  return ini([
    ["Match", { Name: bridge }],
    ["Link", { MTUBytes: mtu === undefined ? undefined : String(mtu) }],
    ["Network", { DHCP: "ipv4", IPv6AcceptRA: "yes", LinkLocalAddressing: "ipv6", LLMNR: "no", MulticastDNS: "no" }],
    ["IPv6AcceptRA", { Token: "eui64" }],
  ]);
}

function port(bridge: string, uplink: string, mtu: number | undefined): string {
  return ini([
    ["Match", { Name: uplink }],
    ["Link", { RequiredForOnline: "no", MTUBytes: mtu === undefined ? undefined : String(mtu) }],
    ["Network", { Bridge: bridge, LinkLocalAddressing: "no" }],
  ]);
}
