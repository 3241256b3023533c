import type { MachineArgs } from "../model/args";
import { Draft } from "./draft";
import { filterSteps } from "./filter-steps";
import { machineObject } from "./machine-object";
import { releaseSteps } from "./plan-removal";
import type { Program } from "./program";
import { resourceKey } from "./resource-key";
import type { Step } from "./step";
import { pathsText } from "./paths-text";
import { givenAddresses } from "./given-addresses";
import { vacantSteps } from "./vacant-steps";

type Named = Pick<MachineArgs, "owner" | "name">;

/** Seconds. A copy takes as long as it takes; a connection that dies is noticed by its keepalive. */
const copyDeadline = 86_400;

const keyOf = (args: Named): string => resourceKey(args.owner, machineObject(args.name));

const draftOf = (args: Named): Draft => new Draft().add({ verb: "own", key: keyOf(args), owner: args.owner });

const begin = (key: string): Step => ({ verb: "begin", key, former: "-", confirm: "no" });

/** Where a machine is, as one host sees it. */
export function planWhereabouts(args: Named): Program {
  return draftOf(args)
    .add({ verb: "whereabouts", key: keyOf(args), machine: args.name })
    .program(1900);
}

/** Lists a tree, or the copy of one. */
export function planCatalogue(args: Named, place: "home" | "incoming"): Program {
  return draftOf(args).add({ verb: "catalogue", machine: args.name, place }).program(3600);
}

/** Sends paths of a tree as data of its report. */
export function planSend(args: Named, paths: string[]): Program {
  const draft = draftOf(args);
  return draft.add({ verb: "send", machine: args.name, paths: draft.text(pathsText(paths)) }).program(copyDeadline);
}

/** Removes paths of a copy, then unpacks what comes on standard input; refused where the machine could not stand. */
export function planReceive(args: Named & Pick<MachineArgs, "networks">, drop: string[], since: number): Program {
  const draft = draftOf(args);
  draft.add(...vacantSteps(draft, givenAddresses(args)));
  draft.add({ verb: "incoming", key: keyOf(args), machine: args.name, paths: draft.text(pathsText(drop)) });
  return draft.add({ verb: "receive", machine: args.name, since }).program(copyDeadline);
}

/** Stops a machine for its move: from now on nothing but `return` starts it on this host. Then lists its tree. */
export function planDeparture(args: Named, destination: string): Program {
  const draft = draftOf(args);
  draft.add({ verb: "depart", key: keyOf(args), machine: args.name, destination });
  return draft.add({ verb: "catalogue", machine: args.name, place: "home" }).program(3600);
}

/** Starts it where it was before. */
export function planReturn(args: MachineArgs): Program {
  const yes = (flag: boolean): "yes" | "no" => (flag ? "yes" : "no");
  const { name: machine, startAtBoot, running } = args;
  return draftOf(args)
    .add({ verb: "return", machine, enabled: yes(startAtBoot), running: yes(running) })
    .program(300);
}

/** Takes back on the new host what an arrival began; the copy stays, for the next attempt. */
export function planWithdrawal(args: Named & Pick<MachineArgs, "networks">): Program {
  const key = keyOf(args);
  const draft = draftOf(args).add({ verb: "withdraw", key, machine: args.name }, begin(key), { verb: "lock" });
  return releaseSteps(draft, key, "no", filterSteps(args));
}

/** The machine runs on the new host: the old one lets go of it. */
export function planHandover(args: Pick<MachineArgs, "owner" | "name" | "onDelete" | "networks">): Program {
  const key = keyOf(args);
  const { name: machine, onDelete: how } = args;
  const draft = draftOf(args).add(begin(key), { verb: "retire", key, machine, how }, { verb: "departed", machine });
  return releaseSteps(draft.add({ verb: "lock" }), key, "no", filterSteps(args));
}
