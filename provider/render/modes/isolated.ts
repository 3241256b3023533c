import type { BridgeArgs } from "../../model/args";
import type { Desired } from "../../model/desired";
import { bridgeLinkLine } from "../../model/fact/bridge-link";
import { netdevFile, networkFile } from "../../model/paths";
import { netdev, networkAlone } from "../bridge";
import { desired } from "../desired";
import { macvlanFacts, macvlanFiles } from "../macvlan";
import { desiredFilter } from "../filter/desired-filter";
import { isolatedElements } from "../filter/filter-machine";
import { isolatedTables, trustingTables } from "../filter/isolated-tables";
import { isolatedGuest } from "../guest-network";
import { addressGiven } from "../port";
import { desiredMesh } from "../mesh";
import { desiredTunnel } from "../tunnel";
import type { RenderedMode } from "./rendered-mode";

/** Nobody but the machines is on the bridge. */
export const isolated: RenderedMode = {
  bridge,
  guest: isolatedGuest,
  out: () => [],
  protection: "guarded",
  unheard: true,
  afterStart: addressGiven,
  elements: isolatedElements,
};

/** The host has no address on it, so that it neither answers nor routes there. */
function bridge(args: BridgeArgs): Desired {
  const { bridge, mtu } = args;
  const protection = desiredFilter(args, { none: trustingTables, tenant: isolatedTables });
  const tunnel = desiredTunnel(args);
  const mesh = desiredMesh(args);
  return desired({
    files: {
      [netdevFile(bridge)]: netdev(args, protection.snooping),
      [networkFile(bridge)]: networkAlone(args),
      ...macvlanFiles(args),
      ...protection.files,
      ...tunnel.files,
      ...mesh.files,
    },
    boot: { units: protection.units, packages: protection.packages },
    live: {
      ...protection.live,
      ...tunnel.live,
      ...mesh.live,
      link: bridgeLinkLine({ name: bridge, kind: "bridge", up: true, mtu }),
      macvlan: macvlanFacts(args),
    },
  });
}
