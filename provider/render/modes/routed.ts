import { familyOf } from "../../model/address";
import type { BridgeArgs } from "../../model/args";
import type { Desired } from "../../model/desired";
import { bridgeLinkLine } from "../../model/fact/bridge-link";
import { netdevFile, networkFile } from "../../model/paths";
import { apartRules } from "../apart-rules";
import { bridgeLinkLocal, netdev, network } from "../bridge";
import { desired } from "../desired";
import { macvlanFacts, macvlanFiles } from "../macvlan";
import { desiredFilter } from "../filter/desired-filter";
import { routedElements } from "../filter/filter-machine";
import { routedTables } from "../filter/routed-tables";
import { addressesOf, routedGuest } from "../guest-network";
import type { RenderedMode } from "./rendered-mode";

/** The host routes to the machines, one address at a time. */
export const routed: RenderedMode = {
  bridge,
  guest: routedGuest,
  out: (network) => addressesOf(network).map(familyOf),
  protection: "isolated",
  elements: routedElements,
  routes: () => true,
};

function bridge(args: BridgeArgs): Desired {
  const { bridge, ipv4, mtu } = args;
  const protection = desiredFilter(args, { tenant: routedTables });
  return desired({
    files: {
      [netdevFile(bridge)]: netdev(args),
      [networkFile(bridge)]: network(args),
      ...macvlanFiles(args),
      ...protection.files,
    },
    boot: { units: protection.units, packages: protection.packages },
    live: {
      ...protection.live,
      link: bridgeLinkLine({ name: bridge, kind: "bridge", up: true, mtu }),
      macvlan: macvlanFacts(args),
      addresses: [bridgeLinkLocal, ...(ipv4 === undefined ? [] : [`${ipv4}/32`])],
      rules: apartRules(args).map(({ line }) => line),
    },
  });
}
