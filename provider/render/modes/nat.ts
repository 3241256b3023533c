import { isIpv6 } from "../../model/address";
import type { BridgeArgs } from "../../model/args";
import type { Desired } from "../../model/desired";
import { bridgeLinkLine } from "../../model/fact/bridge-link";
import { netdevFile, networkFile } from "../../model/paths";
import { bridgeLinkLocal, netdev, networkWithLeases } from "../bridge";
import { desired } from "../desired";
import { desiredFilter } from "../filter/desired-filter";
import { natElements } from "../filter/filter-machine";
import { natTables } from "../filter/nat-tables";
import { natGuest } from "../guest-nat";
import { addressesOf } from "../guest-network";
import type { RenderedMode } from "./rendered-mode";

/** The host leases private IPv4 addresses to machines and translates these, S3.06 and S3.07; IPv6 it routes. */
export const nat: RenderedMode = {
  bridge,
  guest: natGuest,
  out: (network) => (addressesOf(network).some(isIpv6) ? ["ipv4", "ipv6"] : ["ipv4"]),
  protection: "isolated",
  elements: natElements,
  routes: isIpv6,
};

function bridge(args: BridgeArgs): Desired {
  const { bridge, lan4, mtu } = args;
  const protection = desiredFilter(args, { tenant: natTables });
  return desired({
    files: { [netdevFile(bridge)]: netdev(args), [networkFile(bridge)]: networkWithLeases(args), ...protection.files },
    boot: { units: protection.units, packages: protection.packages },
    live: {
      ...protection.live,
      link: bridgeLinkLine({ name: bridge, kind: "bridge", up: true, mtu }),
      addresses: [bridgeLinkLocal, `${lan4?.gateway}/${lan4?.network.split("/")[1]}`],
    },
  });
}
