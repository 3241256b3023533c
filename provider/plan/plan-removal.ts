import { Draft } from "./draft";
import { bridgeObject } from "./plan-bridge";
import { machineObject } from "./plan-machine";
import type { Program } from "./program";
import { resourceKey } from "./resource-key";

/** The end of every removal. */
export function releaseSteps(draft: Draft, key: string): Program {
  draft.add({ verb: "release", key }, { verb: "uplink" }, { verb: "unlock" }, { verb: "finish_release", key });
  return draft.program(900);
}

/** Takes back everything that a resource without more than files did: a host, a floating address. */
export function planRelease(owner: string, object: string): Program {
  const key = resourceKey(owner, object);
  return releaseSteps(new Draft().add({ verb: "own", key }, { verb: "lock" }), key);
}

/** Removes a bridge; refused while a machine is on it. */
export function planBridgeRemoval(owner: string, bridge: string): Program {
  const key = resourceKey(owner, bridgeObject(bridge));
  return releaseSteps(
    new Draft().add({ verb: "own", key }, { verb: "lock" }, { verb: "drop_link", key, link: bridge }),
    key,
  );
}

/** Stops a machine and removes it; its tree goes where `onDelete` says. */
export function planMachineRemoval(owner: string, machine: string, how: "trash" | "delete" | "keep"): Program {
  const key = resourceKey(owner, machineObject(machine));
  const draft = new Draft().add({ verb: "own", key }, { verb: "at_home", machine });
  return releaseSteps(draft.add({ verb: "retire", key, machine, how }, { verb: "lock" }), key);
}
