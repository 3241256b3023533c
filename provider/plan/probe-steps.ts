import type { MachineArgs } from "../model/args";
import { demandsReach } from "../model/reachability";
import { pluggedNetworks } from "../model/plugged";
import { plannedMode } from "./modes/planned-modes";
import type { Draft } from "./draft";
import { givenSubnets } from "./given-addresses";
import type { Step } from "./step";
import { linesOf } from "./vacant-steps";

/** What shows that a machine that runs is reached, and resolves names. */
export function probeSteps(draft: Draft, args: MachineArgs): Step[] {
  const { name: machine, readyWhen } = args;
  const networks = pluggedNetworks(args);
  const ways = networks.flatMap((network) => plannedMode(network.mode).probes(args, network));
  const hasServers = networks.some((network) => plannedMode(network.mode).resolvers(network) !== "");
  const subnets = givenSubnets(args);
  const proxied: Step[] = subnets.length === 0 ? [] : [{ verb: "answered_for", subnets: draft.text(linesOf(subnets)) }];
  const names: Step[] = hasServers ? [{ verb: "probe_names", machine }] : [];
  return [...ways, { verb: "reached", machine, need: demandsReach(readyWhen) ? "yes" : "no" }, ...proxied, ...names];
}
