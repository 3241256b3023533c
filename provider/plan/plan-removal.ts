import type { MachineArgs } from "../model/args";
import { Draft } from "./draft";
import { floatingIpObject } from "./plan-floating-ip";
import { hostObject } from "./plan-host";
import { bridgeObject } from "./bridge-object";
import { filterSteps } from "./filter-steps";
import { machineObject } from "./plan-machine";
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

/** Takes back everything that a resource did; `first` has to go before its files do, under the host's lock or not. */
function removal(
  owner: string,
  object: string,
  confirm: Confirm,
  first: (key: string) => Step[] = () => [{ verb: "lock" }],
  after: Step[] = [],
): Program {
  const key = resourceKey(owner, object);
  const draft = new Draft().add({ verb: "own", key, owner }, { verb: "begin", key, former: "-", confirm });
  return releaseSteps(draft.add(...first(key)), key, confirm, after);
}

/** Takes back what was done to prepare a host; refused while other stacks have something on it. */
export function planHostRemoval(owner: string): Program {
  return removal(owner, hostObject, "yes", (key) => [{ verb: "lock" }, { verb: "unused", key }]);
}

/** Ends that a floating address is answered for. */
export function planFloatingIpRemoval(owner: string, name: string): Program {
  return removal(owner, floatingIpObject(name), "no");
}

/** Removes a bridge; refused while a machine is on it. */
export function planBridgeRemoval(owner: string, bridge: string): Program {
  const key = resourceKey(owner, bridgeObject(bridge));
  const draft = new Draft().add({ verb: "own", key, owner }, { verb: "begin", key, former: "-", confirm: "yes" });
  draft.add({ verb: "lock" }, { verb: "drop_link", key, link: bridge }, { verb: "release", key });
  draft.add({ verb: "filter", bridge }, { verb: "hand_back", link: bridge }, { verb: "uplink" }, { verb: "confirm" });
  draft.add({ verb: "finish_release", key }, { verb: "unlock" });
  return draft.program(900);
}

/** Stops a machine and removes it; its tree goes where `onDelete` says. */
export function planMachineRemoval(args: Pick<MachineArgs, "owner" | "name" | "networks" | "onDelete">): Program {
  const { owner, name: machine, onDelete: how } = args;
  const first = (key: string): Step[] => [
    { verb: "at_home", machine },
    { verb: "retire", key, machine, how },
    { verb: "lock" },
  ];
  return removal(owner, machineObject(machine), "no", first, filterSteps(args));
}
