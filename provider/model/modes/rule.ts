import type { BridgeArgs, MachineAddressArgs, MachineNetworkArgs } from "../args";
import type { Attach } from "../mode";
import type { Place } from "../read/place";

/** What an isolation asks of other arguments; a mode does as well. */
export interface IsolationRules {
  /** What has to hold between the arguments of a bridge. */
  bridge: (args: BridgeArgs, place: Place) => void;
  /** Why machines cannot be attached like that. */
  noAttach?: Partial<Record<Attach, string>>;
  /** Why a machine on a bridge has no firewall of its own. */
  noFirewall?: (bridge: string) => string;
  /** Why there are no groups of machines. */
  noGroups?: string;
  /** Why no macvlan is wired to the bridge. */
  noMacvlan?: string;
  /** Why the host routes to no private network. */
  noPrivateNetwork?: string;
}

/** Refuses what only a host that leases addresses has. */
export function noLeases({ dhcpServer }: BridgeArgs, place: Place): void {
  if (dhcpServer !== undefined)
    place.key("dhcpServer").refuse('means something in mode "nat" only, where the host leases addresses; leave it out');
}

/** Refuses what has a meaning in mode transparent alone. */
export function onlyTransparent({ allowForeignMacs }: BridgeArgs, place: Place): void {
  if (allowForeignMacs === true)
    place.key("allowForeignMacs").refuse('means something in mode "transparent" only; leave it out');
}

export interface ModeRules extends IsolationRules {
  /** What has to hold of a machine's network beside its addresses. */
  network?: (network: MachineNetworkArgs, place: Place) => void;
  /** Whether ports of the host can lead to machines. */
  translates?: true;
  /** Why no subnet is routed into a machine. */
  noSubnets?: string;
  /** Why the network is on no other host. */
  noVxlan?: string;
  /** Who outside of the host could reach a machine: anybody, at its addresses; those on its LAN, whatever it has; nobody. */
  reachedBy: "anybody" | "lan" | "nobody";
  /** What is wrong with an address of a machine there. */
  clash: (entry: MachineAddressArgs, network: MachineNetworkArgs) => string | undefined;
}
