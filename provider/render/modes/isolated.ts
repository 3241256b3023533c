import type { BridgeArgs } from "../../model/args";
import type { Desired } from "../../model/desired";
import { bridgeLinkLine } from "../../model/fact/bridge-link";
import { netdevFile, networkFile } from "../../model/paths";
import { netdev, networkAlone } from "../bridge";
import { desired } from "../desired";
import { macvlanFacts, macvlanFiles } from "../macvlan";
import { desiredFilter } from "../filter/desired-filter";
import { lanElements } from "../filter/filter-machine";
import { isolatedTables } from "../filter/isolated-tables";
import { isolatedGuest } from "../guest-network";
import { addressGiven } from "../port";
import type { RenderedMode } from "./rendered-mode";

/** Nobody but the machines is on the bridge. */
export const isolated: RenderedMode = {
  bridge,
  guest: isolatedGuest,
  out: () => [],
  protection: "guarded",
  afterStart: addressGiven,
  elements: lanElements,
};

/** The host has no address on it, so that it neither answers nor routes there. */
function bridge(args: BridgeArgs): Desired {
  const { bridge, mtu } = args;
  const protection = desiredFilter(args, isolatedTables);
  return desired({
    files: {
      [netdevFile(bridge)]: netdev(args, protection.snooping),
      [networkFile(bridge)]: networkAlone(args),
      ...macvlanFiles(args),
      ...protection.files,
    },
    boot: { units: protection.units, packages: protection.packages },
    live: {
      ...protection.live,
      link: bridgeLinkLine({ name: bridge, kind: "bridge", up: true, mtu }),
      macvlan: macvlanFacts(args),
    },
  });
}
