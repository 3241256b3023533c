import type { BridgeArgs } from "../model/args";
import type { Desired } from "../model/desired";
import { bridgeLinkLine } from "../model/fact/bridge-link";
import { netdevFile, networkFile } from "../model/paths";
import { bridgeLinkLocal, netdev, network } from "./bridge";
import { desired } from "./desired";
import { desiredFilter } from "./filter/desired-filter";
import { desiredTransparent } from "./transparent";

/** What a BridgeNetwork wants of its host: files of networkd, which nothing else writes. */
export function desiredBridge(args: BridgeArgs): Desired {
  if (args.mode === "transparent") return desiredTransparent(args);
  const { bridge, ipv4, mtu } = args;
  const protection = desiredFilter(args);
  return desired({
    files: { [netdevFile(bridge)]: netdev(args), [networkFile(bridge)]: network(args), ...protection.files },
    boot: { units: protection.units, packages: protection.packages },
    live: {
      ...protection.live,
      link: bridgeLinkLine({ name: bridge, kind: "bridge", up: true, mtu }),
      addresses: [bridgeLinkLocal, ...(ipv4 === undefined ? [] : [`${ipv4}/32`])],
    },
  });
}
