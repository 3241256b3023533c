import type { MachineArgs } from "../model/args";
import { plannedMode } from "./modes/planned-modes";

/** All addresses that a machine is given, where the host is on the network as well. */
export function givenAddresses({ networks }: Pick<MachineArgs, "networks">): string[] {
  const shared = networks.filter(({ mode }) => plannedMode(mode).shared);
  return shared.flatMap(({ addresses }) => addresses.map(({ address }) => address));
}

/** All subnets that are routed into a machine. */
export const givenSubnets = ({ networks }: Pick<MachineArgs, "networks">): string[] =>
  networks.flatMap(({ subnets = [] }) => subnets.map(({ subnet }) => subnet));
