import type { BridgeArgs, MachineArgs, MachineNetworkArgs } from "../../model/args";
import type { Desired } from "../../model/desired";
import type { PluggedNetwork } from "../../model/plugged";
import type { Program } from "../program";
import type { Step } from "../step";

/** Families of addresses by which a machine reaches others. */
export type Families = "4" | "6" | "46";

/** What has to be done on the host for a bridge of a mode, and for the machines on it. */
export interface PlannedMode {
  planBridge: (args: BridgeArgs, desired: Desired, previous: { owner?: string }) => Program;
  /** Whether the host routes to machines. */
  routed: boolean;
  /** Whether addresses there are of a network that the host is on, so that nobody else of it may have them. */
  shared: boolean;
  /** What is waited for once a machine runs, beside the machine itself. */
  ready: (args: MachineArgs, network: PluggedNetwork) => Step[];
  /** What shows that it is reached from outside. */
  probes: (args: MachineArgs, network: PluggedNetwork) => Step[];
  /** By which it reaches its name servers; none where nobody routes. */
  resolvers: (network: MachineNetworkArgs) => Families | "";
}
