import type { MachineArgs } from "../model/args";
import { pluggedNetworks } from "../model/plugged";
import { plannedMode } from "./modes/planned-modes";
import type { Step } from "./step";

/** What shows that a machine that runs is reached, and resolves names. */
export function probeSteps(args: MachineArgs): Step[] {
  const networks = pluggedNetworks(args);
  const reaches = networks.flatMap((network) => plannedMode(network.mode).probes(args, network));
  const hasServers = networks.some((network) => plannedMode(network.mode).resolvers(network) !== "");
  return [...reaches, ...(hasServers ? [{ verb: "probe_names", machine: args.name } as const] : [])];
}
