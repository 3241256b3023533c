import type { BridgeNetwork } from "./bridge-network";
import type { Host } from "./host";
import type { MachineNetwork, NspawnMachineArgs } from "./machine-args";
import type { ArgumentNames } from "./unknown-arguments";

/** How many of a fleet's members a host has. */
export interface FleetShare {
  /** Share of the members compared with the other hosts, 1 to 100; with `spread: "pack"` without a meaning. Default 1. */
  weight?: number;
  /**
   * The most members that are placed here, not counting those of hosts that are gone. Needs `count`. Default: any number.
   */
  capacity?: number;
  /**
   * The first number of a member that may be placed here. A host that is added to six members with `from: 7` moves nobody, and
   * gets new ones until it has as many as the others. Needs `count`. Default 1.
   */
  from?: number;
}

/** A host of a {@link MachineFleet}. */
export interface FleetHost extends FleetShare {
  /** The host; each once. */
  host: Host;
  /** The network on this host to which its members are attached. */
  network: BridgeNetwork;
  /** Empty the host: its members move to the others, and no other member does. Default false. */
  gone?: boolean;
}

/**
 * In the place of a host that is no more, at the same position and with the same share, so that the others' members stay where
 * they are.
 */
export interface FleetGap extends FleetShare {
  /** Members that were here are on the other hosts. */
  gone: true;
  /** Without a meaning. */
  host?: undefined;
  /** Without a meaning. */
  network?: undefined;
}

/** A member of a {@link MachineFleet}, as its template is told. */
export interface FleetMember {
  /** Name of the machine. */
  name: string;
  /** Number of the member, from 1; with `names`, where it is in their list. */
  number: number;
  /** The host on which it is placed. */
  host: Host;
  /** The network of the fleet on this host. */
  network: BridgeNetwork;
}

/** What the members of a {@link MachineFleet} are: arguments of a machine, without its host and name, which the fleet decides. */
export type FleetTemplate = Omit<NspawnMachineArgs, "host" | "networks" | "machineName"> & {
  /**
   * The networks of the member; see {@link NspawnMachineArgs.networks}. Default: the fleet's network on its host, with the
   * address `network.ipv6For(name)`; with one that its host leases or its LAN gives in modes `nat` and `transparent`.
   */
  networks?: MachineNetwork[];
};

/** Arguments of {@link MachineFleet}. */
export interface MachineFleetArgs {
  /**
   * Number of members, 0 to 10,000: `web-1` to `web-6` of a fleet `web` with six. The last ones come and go. Either this or
   * `names`.
   */
  count?: number;
  /**
   * Names of the members, in any order; or an object that says on which host of the fleet each is. In a list the name decides
   * it, and the hosts are even on average only.
   */
  names?: string[] | Record<string, Host>;
  /**
   * The hosts on which the members are placed, 1 to 100, each with its network. Append new ones, with `from`; put
   * `{ gone: true }` in the place of those that go (docs/fleets.md#placement).
   */
  on: (FleetHost | FleetGap)[];
  /**
   * What the members are: arguments of a machine, or a function that gives them for each member. Without the template's own
   * `networks` a member has the fleet's.
   */
  template: FleetTemplate | ((member: FleetMember) => FleetTemplate);
  /**
   * How `count` members are spread: `round-robin` puts each on the host that has the fewest for its weight; `pack` fills one
   * host to its `capacity` before the next. Default `round-robin`.
   */
  spread?: "round-robin" | "pack";
  /**
   * The most members that are changed or replaced at once, 1 to 10,000. The next one is begun when one of these is ready
   * ({@link NspawnMachineArgs.readyWhen}), and none after one has failed. Members that are new, or no longer wanted, don't
   * wait. Default 1.
   */
  maxUnavailable?: number;
}

const places = { host: true, network: true, gone: true, weight: true, capacity: true, from: true } as const;

export const fleetNames: ArgumentNames<MachineFleetArgs> = {
  ...{ count: true, names: true, on: places, template: true, spread: true, maxUnavailable: true },
};
