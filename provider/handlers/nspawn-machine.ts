import type { MachineArgs } from "../model/args";
import { isIpv6 } from "../model/address";
import { knownMode } from "../model/known-mode";
import type { Mode } from "../model/mode";
import { imageContent } from "../model/image";
import { parseMachine } from "../model/parse-machine";
import { machineRoot, machineUnit } from "../model/paths";
import { pluggedNetworks } from "../model/plugged";
import { provisionParts, userParts } from "../model/provision-parts";
import { readyState } from "../model/reachability";
import { settledMachine } from "../model/settled-machine";
import { storedDefaults } from "../model/stored";
import type { Facts } from "../observe/facts/facts";
import { osName } from "../observe/facts/os-name";
import { machineObject } from "../plan/machine-object";
import { planMachine } from "../plan/plan-machine";
import { trafficOfMachine } from "../observe/traffic-of";
import { resourceKey } from "../plan/resource-key";
import { planMachineRemoval } from "../plan/plan-removal";
import { desiredMachine } from "../render/desired-machine";
import { bringArchive, withArchive } from "./bring-archive";
import { check, type CheckResult } from "./check";
import { guarded } from "./guarded";
import { inTurn } from "./in-turn";
import type { Kind } from "./kind";
import { isMove, moveMachine, tellMove } from "./move-machine";
import { withLocalArchive } from "./local-image";
import { provider } from "./provider";
import { argsOf, type Properties } from "./state";
import { update } from "./update";

function outputs(args: MachineArgs, facts: Facts): Record<string, unknown> {
  const release = facts.files.get(`${machineRoot(args.name)}/usr/lib/os-release`);
  const os = osName(release?.type === "file" ? release.text : "");
  const addresses = addressOutputs[knownMode(args.networks[0]?.mode)](args, facts);
  return { macAddress: macOf(args, facts), os, ...addresses, ...reachability(args, facts) };
}

/**
 * As the host has it, a line for each way; state stays small. Of a machine that runs, and that was waited for; where no probe of this
 * version has tried anything there is nothing to say.
 */
function reachability({ name, owner, running, readyWhen }: MachineArgs, facts: Facts): { reachability?: string[] } {
  const lines = facts.records.get(resourceKey(owner, machineObject(name)))?.get("reached");
  const isUp = facts.units.get(machineUnit(name))?.active === "active";
  return running && isUp && readyState(readyWhen) !== undefined ? { reachability: lines } : {};
}

/** Of the first network's interface, which has another name than host0 on a macvlan. */
function macOf(args: MachineArgs, { guestMacs, guestInterfaces }: Facts): string {
  const [first] = pluggedNetworks(args);
  const own = first === undefined ? undefined : guestInterfaces.get(args.name)?.get(first.inside);
  return guestMacs.get(args.name) || own || "";
}

/** Outputs of a machine beside its arguments. */
const addressOutputs: Record<Mode, (args: MachineArgs, facts: Facts) => Record<string, string>> = {
  isolated: () => ({}),
  nat: () => ({}),
  routed: () => ({}),
  transparent: lanAddresses,
};

/** What the LAN gave. */
function lanAddresses({ name }: MachineArgs, facts: Facts): Record<string, string> {
  const all = facts.guestAddresses.get(name) ?? [];
  const ipv4 = all.find((address) => !isIpv6(address));
  const ipv6 = all.find(isIpv6);
  return { ...(ipv4 === undefined ? {} : { ipv4 }), ...(ipv6 === undefined ? {} : { ipv6 }) };
}

/** Its MAC address is made of its owner's name, and stays when that changes. */
function withFirstOwner(args: MachineArgs, before: Partial<MachineArgs>): MachineArgs {
  const firstOwner = before.name === args.name ? (before.firstOwner ?? before.owner) : undefined;
  return firstOwner === undefined || firstOwner === args.owner ? args : { ...args, firstOwner };
}

const partsOf = (args: MachineArgs): Map<string, string> =>
  new Map([...userParts(args), ...provisionParts(args)].map(({ name, digest }) => [name, digest]));

/** What is a machine's own among the dynamic resources. */
export const machineKind: Kind<MachineArgs> = {
  type: "NspawnMachine",
  idPart: "machine",
  nameOf: (args) => args.name,
  // Another host is a move.
  identity: ["name", "image"],
  identityArgs: (args) => ({ ...args, image: (args.image && imageContent(args.image)) as MachineArgs["image"] }),
  // Two machines of one name cannot stand on one host; the old tree waits in the trash.
  deleteBeforeReplace: true,
  defaults: storedDefaults.machine,
  kept: withFirstOwner,
  settled: settledMachine,
  outputNames: ["macAddress", "os", "ipv4", "ipv6", "reachability"],
  parse: parseMachine,
  desired: desiredMachine,
  object: (args) => machineObject(args.name),
  subjectNames: (args) => ({ machine: args.name, parts: partsOf(args), traffic: trafficOfMachine(args) }),
  plan: planMachine,
  removal: (args) => planMachineRemoval(args),
  outputs,
};

/** What is where the program runs is looked at first: it is a part of the arguments. */
async function checkArchive(olds: Properties | undefined, news: Properties): Promise<CheckResult> {
  const { given, problems } = await withLocalArchive(olds, news);
  const { inputs, failures } = check(machineKind, olds, given);
  const own = problems.map(({ path, message }) => ({ property: path, reason: message }));
  return own.length === 0 ? { inputs, failures } : { inputs: news, failures: [...own, ...failures] };
}

function updateOrMove(id: string, olds: Properties, news: Properties): Promise<{ outs: Properties }> {
  return isMove(machineKind, olds, news)
    ? moveMachine(machineKind, id, olds, news)
    : update(machineKind, id, olds, news, withArchive);
}

const common = provider(machineKind);

const own = {
  ...common,
  check: checkArchive,
  diff: (id: string, olds: Properties, news: Properties): ReturnType<typeof common.diff> => {
    tellMove(machineKind, olds, news);
    return common.diff(id, olds, news);
  },
  create: async (inputs: Properties): ReturnType<typeof common.create> => {
    await bringArchive(argsOf(machineKind, inputs));
    return common.create(inputs);
  },
  update: updateOrMove,
};

/** Handlers of `nspawn:NspawnMachine`. */
export const nspawnMachine = guarded(inTurn(machineKind, own));
