import type { BridgeArgs } from "../../model/args";
import type { Desired } from "../../model/desired";
import type { PortProtection } from "../../model/fact/port";
import type { PluggedNetwork } from "../../model/plugged";
import type { MachineElements } from "../filter/filter-machine";
import type { GuestWays, WaysOut } from "../guest-ways";

/** What a mode makes of a bridge and of the machines on it. */
export interface RenderedMode {
  /** What a bridge wants of its host. */
  bridge: (args: BridgeArgs) => Desired;
  /** The guest's own systemd.network(5) file. */
  guest: (network: PluggedNetwork, mac: string | undefined, ways: GuestWays) => string;
  /** Families of which a machine has a way out there. */
  out: WaysOut;
  /** How a machine's port on a protected bridge is kept from the others. */
  protection: PortProtection;
  /** Whether the host is to hear nothing of what machines say to their link. */
  unheard?: boolean;
  /** What the unit of a machine on a protected bridge runs once its port is there. */
  afterStart?: (network: PluggedNetwork, mac: string) => string;
  /** What the filter of the bridge has to know of a machine. */
  elements: MachineElements;
  /** To which addresses of machines the host routes, and answers for them; to others it is a neighbour. Absent: it is on no way to them. */
  routes?: (address: string) => boolean;
}
