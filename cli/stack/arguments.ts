import type {
  BridgeArgs,
  FloatingIpArgs,
  HostArgs,
  MachineArgs,
  MachineImageArgs,
  MachineNetworkArgs,
} from "../../provider/model/args";
import type { networkDefaults } from "../../provider/model/defaults";
import { stored, storedDefaults } from "../../provider/model/stored";
import type { StackResource } from "./deployment";

/** A machine's arguments once what its state leaves out is filled in. */
export type StoredMachine = Omit<MachineArgs, "networks"> & {
  networks: (MachineNetworkArgs & Required<Pick<MachineNetworkArgs, keyof typeof networkDefaults>>)[];
};

/*
 * The arguments of a resource of ours, by the very defaults that the handlers read them with: nothing else of the command
 * looks into its inputs. Each throws NSPAWN_STATE_VERSION for the state of a newer version.
 */

export const machineArgs = (resource: StackResource): StoredMachine =>
  stored<StoredMachine>(propertiesOf(resource), storedDefaults.machine);

export const hostArgs = (resource: StackResource): HostArgs =>
  stored<HostArgs>(propertiesOf(resource), storedDefaults.host);

export const bridgeArgs = (resource: StackResource): BridgeArgs =>
  stored<BridgeArgs>(propertiesOf(resource), storedDefaults.bridge);

export const floatingIpArgs = (resource: StackResource): FloatingIpArgs =>
  stored<FloatingIpArgs>(propertiesOf(resource), storedDefaults.floatingIp);

export const machineImageArgs = (resource: StackResource): MachineImageArgs =>
  stored<MachineImageArgs>(propertiesOf(resource), storedDefaults.machineImage);

/** The arguments are in both; an export without secrets has neither's. */
const propertiesOf = ({ inputs, outputs }: StackResource): Record<string, unknown> => ({ ...outputs, ...inputs });
