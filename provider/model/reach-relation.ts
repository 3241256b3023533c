import type { MachineArgs, MachineNetworkArgs } from "./args";
import { knownMode } from "./known-mode";
import type { ModeRules } from "./modes/rule";
import { modeRules } from "./modes/rules";
import { demandsReach } from "./reachability";
import type { Place } from "./read/place";
import { isUnknown } from "./unknown";

/** What is to be reached has to have somebody who could reach it, as far as it is known. */
export function reachRelation({ readyWhen, networks }: MachineArgs, place: Place): void {
  if (isUnknown(readyWhen) || !demandsReach(readyWhen) || isUnknown(networks) || !Array.isArray(networks)) return;
  if (networks.some((network) => isUnknown(network) || hasPeer(network))) return;
  place
    .key("readyWhen")
    .refuse(
      'reachable needs a network from which somebody outside of the host can reach the machine: an address of a bridge in mode routed or nat, a bridge on a LAN, or one with vxlan; without, give "running"',
    );
}

type Peers = ModeRules["reachedBy"];

const peers: Record<Peers, (network: MachineNetworkArgs) => boolean> = {
  anybody: ({ addresses }) => isUnknown(addresses) || addresses.length > 0,
  lan: () => true,
  nobody: ({ vxlan }) => vxlan !== undefined,
};

const hasPeer = (network: MachineNetworkArgs): boolean =>
  isUnknown(network.mode) || peers[modeRules[knownMode(network.mode)].reachedBy](network);
