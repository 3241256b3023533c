import type { MachineArgs } from "../model/args";
import type { Draft } from "./draft";
import { plannedMode } from "./modes/planned-modes";
import type { Step } from "./step";

/** All addresses that a machine is given, where the host is on the network as well. */
export function givenAddresses({ networks }: Pick<MachineArgs, "networks">): string[] {
  const shared = networks.filter(({ mode }) => plannedMode(mode).shared);
  return shared.flatMap(({ addresses }) => addresses.map(({ address }) => address));
}

/** The step that refuses addresses which are the host's own; it comes before every change. */
export function vacantSteps(draft: Draft, addresses: string[] = []): Step[] {
  if (addresses.length === 0) return [];
  return [{ verb: "vacant", addresses: draft.text(addresses.map((address) => `${address}\n`).join("")) }];
}
