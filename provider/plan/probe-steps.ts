import type { MachineArgs } from "../model/args";
import { plannedMode } from "./modes/planned-modes";
import type { Step } from "./step";

/** What shows that a machine that runs is reached, and resolves names. */
export function probeSteps(args: MachineArgs): Step[] {
  const [network] = args.networks;
  if (network === undefined) return [];
  return [...plannedMode(network.mode).probes(args, network), { verb: "probe_names", machine: args.name }];
}
