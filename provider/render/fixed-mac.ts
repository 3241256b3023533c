import type { MachineArgs } from "../model/args";
import { knownIsolation } from "../model/known-mode";
import { machineMac } from "../model/mac-address";
import type { Isolation } from "../model/mode";
import type { PluggedNetwork } from "../model/plugged";

/** MAC address of a machine on a protected network. */
export const macOn = (args: MachineArgs, { index, bridge }: PluggedNetwork): string =>
  machineMac(args, index === 0 ? undefined : bridge);

/** On a protected bridge the filter has to know the machine's MAC address; elsewhere it is systemd-nspawn's choice. */
const macs: Record<Isolation, (args: MachineArgs, network: PluggedNetwork) => string | undefined> = {
  none: () => undefined,
  tenant: macOn,
};

export const fixedMac = (args: MachineArgs, network: PluggedNetwork): string | undefined =>
  macs[knownIsolation(network.isolation)](args, network);
