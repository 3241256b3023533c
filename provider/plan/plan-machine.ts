import type { MachineArgs } from "../model/args";
import type { Desired } from "../model/desired";
import { factAs } from "../model/fact/fact-as";
import { imageHash } from "../model/image";
import { guestRootPassword, machineRoot } from "../model/paths";
import { pluggedNetworks, type PluggedNetwork } from "../model/plugged";
import { attached } from "./attached";
import { claim } from "./claim";
import { containerChecks, containerLimits, containerMounts } from "./container-steps";
import { Draft } from "./draft";
import { guestFiles, hostFiles } from "./files";
import { filterSteps } from "./filter-steps";
import { freeAddresses } from "./free-addresses";
import { healthSteps, needsBus } from "./health-steps";
import { imageStep } from "./image-step";
import type { Families } from "./modes/planned-mode";
import { plannedMode } from "./modes/planned-modes";
import { machineObject } from "./machine-object";
import { probeSteps } from "./probe-steps";
import type { Program } from "./program";
import { provisionSeconds, provisionSteps } from "./provision-steps";
import { answered } from "./reached";
import { resourceKey } from "./resource-key";
import { serviceSteps } from "./service-steps";
import type { Step } from "./step";
import { givenAddresses, givenSubnets } from "./given-addresses";

/** Seconds from the start of a machine until it has to be running. */
const readyWithin = 90;

interface Previous {
  owner?: string;
  /** Whether it is made by this program; absent: nobody knows. */
  first?: boolean;
  /** Its tree has come from another host and waits to be taken in. */
  arrives?: boolean;
  /** Lines of what was done inside it there. */
  provisioned?: string;
}

/** Makes a machine, or brings it back to what is wanted. Its files are in place before its first boot. */
export function planMachine(args: MachineArgs, desired: Desired, previous: Previous): Program {
  const draft = new Draft();
  const key = claimed(draft, args, desired, previous.owner);
  if (previous.arrives === true) draft.add({ verb: "arrive", machine: args.name });
  const { provisioned } = previous;
  if (provisioned !== undefined) draft.add({ verb: "provisioned", text: draft.text(provisioned, "provision.before") });
  tree(draft, args, desired);
  onHost(draft, args, desired);
  if (previous.arrives === true) draft.add({ verb: "arrived", machine: args.name });
  running(draft, args, desired, previous.first === false);
  draft.add({ verb: "facts", key });
  return draft.program(2400 + provisionSeconds(args));
}

/** What the host has to have before the machine starts. */
function onHost(draft: Draft, args: MachineArgs, desired: Desired): void {
  draft.add({ verb: "lock" });
  hostFiles(draft, desired);
  containerMounts(draft, args);
  draft.add({ verb: "prune" }, { verb: "settle" }, ...filterSteps(args));
  draft.add({ verb: "filters_left" }, { verb: "uplink" });
  containerLimits(draft, args);
  freeAddresses(draft, desired);
  for (const network of pluggedNetworks(args)) attached(network).before(draft, network, desired);
  draft.add({ verb: "enable", machine: args.name, enabled: yes(args.startAtBoot) });
  draft.add(...healthSteps(args, desired), { verb: "commit" }, { verb: "unlock" });
}

const yes = (flag: boolean): "yes" | "no" => (flag ? "yes" : "no");

function running(draft: Draft, args: MachineArgs, desired: Desired, later: boolean): void {
  const { name: machine, startAfter } = args;
  if (args.running && startAfter !== undefined) draft.add({ verb: "start_after", names: startAfter.join(" ") });
  if (needsBus(args)) draft.add({ verb: "asked_inside", machine });
  draft.add({ verb: "machine", machine, running: yes(args.running) });
  const networks = pluggedNetworks(args);
  draft.add(...networks.map((network) => attached(network).plugged(machine, network)));
  for (const network of networks) attached(network).after(draft, network, desired);
  const isAwaited = desired.live.ready !== undefined;
  if (isAwaited) network(draft, args, desired, networks);
  if (args.running) draft.add(...provisionSteps(draft, args, later));
  if (isAwaited) draft.add(...probeSteps(draft, args), ...serviceSteps(args));
}

/** Waits until it has started, and until its networks are there. */
function network(draft: Draft, args: MachineArgs, desired: Desired, networks: PluggedNetwork[]): void {
  draft.add({ verb: "await_ready", machine: args.name, seconds: readyWithin });
  answered(draft, desired);
  for (const network of networks) draft.add(...plannedMode(network.mode).ready(args, network));
}

function claimed(draft: Draft, args: MachineArgs, desired: Desired, formerOwner: string | undefined): string {
  const { name, adopt } = args;
  const root = machineRoot(name);
  // The system's name for the outputs, and the line of the password, when there is one.
  const paths = [
    `${root}/usr/lib/os-release`,
    ...Object.keys(desired.secretFiles).map((path) => path.replace(/#.*$/, "")),
  ];
  const object = machineObject(name);
  draft.add({ verb: "own", key: resourceKey(args.owner, object), owner: args.owner });
  draft.add({ verb: "at_home", machine: name }, ...freePorts(draft, args));
  draft.add(...pluggedNetworks(args).flatMap((network) => attached(network).checks(network)));
  containerChecks(draft, args, resourceKey(args.owner, object));
  draft.add({ verb: "lock" });
  const [addresses, subnets] = [givenAddresses(args), givenSubnets(args)];
  const image = imageHash(args.image);
  const of = { object, adopt, formerOwner, confirm: false, machine: name, image, paths, addresses, subnets };
  const key = claim(draft, args, desired, of);
  draft.add({ verb: "unlock" });
  return key;
}

/** The step that refuses ports of the host which lead elsewhere already. */
function freePorts(draft: Draft, { name: machine, networks }: MachineArgs): Step[] {
  const ports = networks.flatMap((network) => network.ports ?? []);
  if (ports.length === 0) return [];
  const lines = ports.map(({ protocol, host }) => `${protocol} . ${host}\n`);
  return [{ verb: "ports_free", machine, ports: draft.text(lines.join("")) }];
}

/** By which a machine reaches its resolvers: by any of its networks. */
function familiesOf({ networks }: MachineArgs): Families {
  const all = networks.map((network) => plannedMode(network.mode).resolvers(network)).join("");
  const [four, six] = [all.includes("4"), all.includes("6")];
  return four === six ? "46" : four ? "4" : "6";
}

function tree(draft: Draft, args: MachineArgs, desired: Desired): void {
  const { name: machine, image } = args;
  draft.add(imageStep(draft, args), { verb: "tree", machine, hash: imageHash(image) });
  if (args.dns === undefined) draft.add({ verb: "guest_resolver", machine, families: familiesOf(args) });
  guestFiles(draft, desired);
  for (const [path, target] of Object.entries(factAs.named(desired.boot.links))) {
    draft.add({ verb: "guest_link", path, target });
  }
  const password = desired.secretFiles[guestRootPassword(machine)];
  if (password !== undefined) draft.add({ verb: "guest_password", text: draft.text(`${password}\n`, "root-password") });
  draft.add({ verb: "publish", machine });
}
