import type { MachineArgs } from "../model/args";
import { Draft } from "./draft";
import { floatingIpObject } from "./plan-floating-ip";
import { hostObject } from "./plan-host";
import { bridgeObject } from "./bridge-object";
import { filterSteps } from "./filter-steps";
import { machineObject } from "./machine-object";
import type { Program } from "./program";
import { resourceKey } from "./resource-key";
import type { Step } from "./step";

/** Could the removal cut the connection? Then it has to be confirmed like any such change. */
type Confirm = "yes" | "no";

/** The end of every removal. */
export function releaseSteps(draft: Draft, key: string, confirm: Confirm = "no", after: Step[] = []): Program {
  draft.add({ verb: "release", key }, ...after, { verb: "uplink" });
  draft.add({ verb: confirm === "yes" ? "confirm" : "commit" });
  return draft.add({ verb: "finish_release", key }, { verb: "unlock" }).program(900);
}

/**
 * The beginning of a removal. What the host has is kept under the host's lock: kept before, it would have what another removal
 * takes away meanwhile, and nothing could put that back.
 */
function begun(key: string, owner: string, confirm: Confirm): Draft {
  return new Draft().add({ verb: "own", key, owner }, { verb: "lock" }, { verb: "begin", key, former: "-", confirm });
}

/** Takes back everything that a resource did. @param first has to go before its files do */
function removal(owner: string, object: string, confirm: Confirm, first: (key: string) => Step[] = () => []): Program {
  const key = resourceKey(owner, object);
  return releaseSteps(begun(key, owner, confirm).add(...first(key)), key, confirm);
}

/** Takes back what was done to prepare a host; refused while other stacks have something on it. */
export function planHostRemoval(owner: string): Program {
  return removal(owner, hostObject, "yes", (key) => [{ verb: "unused", key }, { verb: "no_storage" }]);
}

/** Ends that a floating address is answered for. */
export function planFloatingIpRemoval(owner: string, name: string): Program {
  return removal(owner, floatingIpObject(name), "no");
}

/** Removes a bridge; refused while a machine is on it. */
export function planBridgeRemoval(owner: string, bridge: string): Program {
  const key = resourceKey(owner, bridgeObject(bridge));
  const draft = begun(key, owner, "yes").add({ verb: "drop_link", key, link: bridge }, { verb: "release", key });
  draft.add({ verb: "filter", bridge }, { verb: "hand_back", link: bridge }, { verb: "uplink" }, { verb: "confirm" });
  draft.add({ verb: "finish_release", key }, { verb: "unlock" });
  return draft.program(900);
}

/** Stops a machine and removes it; its tree goes where `onDelete` says. */
export function planMachineRemoval(args: Pick<MachineArgs, "owner" | "name" | "networks" | "onDelete">): Program {
  const { owner, name: machine, onDelete: how } = args;
  const key = resourceKey(owner, machineObject(machine));
  // It may take long to stop, and nothing of the host's network is kept.
  const draft = new Draft().add(
    { verb: "own", key, owner },
    { verb: "begin", key, former: "-", confirm: "no" },
    { verb: "at_home", machine },
    { verb: "retire", key, machine, how },
    { verb: "lock" },
  );
  return releaseSteps(draft, key, "no", filterSteps(args));
}
