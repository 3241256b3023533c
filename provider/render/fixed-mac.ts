import type { MachineArgs, MachineNetworkArgs } from "../model/args";
import { knownIsolation } from "../model/known-mode";
import { machineMac } from "../model/mac-address";
import type { Isolation } from "../model/mode";

/** On a protected bridge the filter has to know the machine's MAC address; elsewhere it is systemd-nspawn's choice. */
const macs: Record<Isolation, (args: MachineArgs) => string | undefined> = {
  none: () => undefined,
  tenant: machineMac,
};

export const fixedMac = (args: MachineArgs, { isolation }: MachineNetworkArgs): string | undefined =>
  macs[knownIsolation(isolation)](args);
