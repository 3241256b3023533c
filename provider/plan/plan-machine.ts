import { isIpv6 } from "../model/address";
import type { MachineArgs } from "../model/args";
import type { Desired } from "../model/desired";
import { imageHash } from "../model/image";
import { guestRootPassword, machineRoot } from "../model/paths";
import { claim } from "./claim";
import { containerChecks, containerLimits, containerMounts } from "./container-steps";
import { Draft } from "./draft";
import { parseCable, type Cable } from "../model/fact/cable";
import { factAs } from "../model/fact/fact-as";
import { parseNeighbour, type Neighbour } from "../model/fact/neighbour";
import { parsePort } from "../model/fact/port";
import { parseRoute, type Route } from "../model/fact/route";
import { guestFiles, hostFiles } from "./files";
import { filterSteps } from "./filter-steps";
import { freeAddresses } from "./free-addresses";
import { imageSource } from "./image-source";
import { hostObject } from "./plan-host";
import { probeSteps } from "./probe-steps";
import type { Program } from "./program";
import { resourceKey } from "./resource-key";
import { givenAddresses } from "./vacant-steps";

export const machineObject = (name: string): string => `machine/${name}`;

/** Seconds from the start of a machine until it has to be running. */
const readyWithin = 90;

interface Previous {
  owner?: string;
  /** Its tree has come from another host and waits to be taken in. */
  arrives?: boolean;
}

/** Makes a machine, or brings it back to what is wanted. Its files are in place before its first boot. */
export function planMachine(args: MachineArgs, desired: Desired, previous: Previous): Program {
  const draft = new Draft();
  const key = claimed(draft, args, desired, previous.owner);
  if (previous.arrives === true) draft.add({ verb: "arrive", machine: args.name });
  tree(draft, args, desired);
  onHost(draft, args, desired);
  if (previous.arrives === true) draft.add({ verb: "arrived", machine: args.name });
  running(draft, args, desired);
  draft.add({ verb: "facts", key });
  return draft.program(2400);
}

/** What the host has to have before the machine starts. */
function onHost(draft: Draft, args: MachineArgs, desired: Desired): void {
  draft.add({ verb: "lock" });
  hostFiles(draft, desired);
  containerMounts(draft, args);
  draft.add({ verb: "prune" }, { verb: "settle" }, ...filterSteps(args), { verb: "uplink" });
  containerLimits(draft, args);
  freeAddresses(draft, desired);
  if (!onCable(args)) reached(draft, desired);
  draft.add({ verb: "enable", machine: args.name, enabled: yes(args.startAtBoot) });
  draft.add({ verb: "commit" }, { verb: "unlock" });
}

/** Waits until networkd has done what the files say: at once on a bridge, with a cable of its own as soon as that is there. */
function reached(draft: Draft, desired: Desired): void {
  const gateway = gatewayIn(desired) ?? "-";
  for (const { destination, link } of routesOf(desired)) {
    draft.add({ verb: "await_route", link, destination, gateway });
  }
  for (const neighbour of neighboursOf(desired)) draft.add({ verb: "await_neighbour", ...neighbour });
}

/** The machine itself, where it is a permanent neighbour. */
const gatewayIn = (desired: Desired): string | undefined => neighboursOf(desired)[0]?.address;

const routesOf = ({ live }: Desired): Route[] => factAs.list(live.routes).map(parseRoute);

const neighboursOf = ({ live }: Desired): Neighbour[] => factAs.list(live.neighbours).map(parseNeighbour);

/** Where the host has to ask who has an address, it may remember who had it before, and sends there for a while. */
function answered(draft: Draft, desired: Desired): void {
  if (gatewayIn(desired) !== undefined) return;
  for (const { destination, link } of routesOf(desired)) {
    draft.add({ verb: "await_answer", link, address: destination.replace(/\/.*$/, "") });
  }
}

const onCable = ({ networks }: MachineArgs): boolean => networks[0]?.attach === "veth";

const yes = (flag: boolean): "yes" | "no" => (flag ? "yes" : "no");

function running(draft: Draft, args: MachineArgs, desired: Desired): void {
  const { name: machine } = args;
  draft.add({ verb: "machine", machine, running: yes(args.running) });
  attached(draft, args, desired);
  if (desired.live.ready !== undefined) draft.add({ verb: "await_ready", machine, seconds: readyWithin });
  if (desired.live.ready !== undefined) answered(draft, desired);
  const [network] = args.networks;
  if (desired.live.ready !== undefined && network?.mode === "transparent") draft.add({ verb: "await_lan", machine });
  if (desired.live.ready !== undefined) draft.add(...probeSteps(args));
}

function attached(draft: Draft, args: MachineArgs, desired: Desired): void {
  const fact = factAs.text(desired.live.port);
  if (onCable(args)) return cabled(draft, parseCable(fact), desired);
  const { name: port, master: link, protection: how = "-", mac = "-", mtu } = parsePort(fact);
  if (mtu !== undefined) draft.add({ verb: "link_size", link: port, mtu });
  if (link !== undefined) draft.add({ verb: "port", port, link, how, mac });
}

/** With a cable of its own. */
function cabled(draft: Draft, { name: link, addresses: [address], mtu }: Cable, desired: Desired): void {
  if (address === undefined) return;
  draft.add({ verb: "only_addresses", link, addresses: draft.text(`${address}\n`) });
  draft.add({ verb: "await_address", link, address });
  if (mtu !== undefined) draft.add({ verb: "link_size", link, mtu });
  reached(draft, desired);
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
  draft.add({ verb: "at_home", machine: name });
  containerChecks(draft, args, resourceKey(args.owner, object));
  draft.add({ verb: "lock" });
  const addresses = givenAddresses(args);
  const of = { object, adopt, formerOwner, confirm: false, machine: name, paths, addresses };
  const key = claim(draft, args, desired, of);
  draft.add({ verb: "unlock" });
  return key;
}

/** By which a machine reaches its resolvers: those of its addresses, on a LAN both. */
function familiesOf({ networks }: MachineArgs): "4" | "6" | "46" {
  const addresses = networks.flatMap((network) => network.addresses.map(({ address }) => address));
  if (addresses.length === 0 || networks.some(({ mode }) => mode === "transparent")) return "46";
  const six = addresses.filter(isIpv6).length;
  return six === 0 ? "4" : six === addresses.length ? "6" : "46";
}

function tree(draft: Draft, args: MachineArgs, desired: Desired): void {
  const { name: machine, image } = args;
  const hash = imageHash(image);
  const host = resourceKey(args.host.id, hostObject);
  const source = imageSource(draft, image);
  draft.add({ verb: "image", hash, machine, host, kind: image.kind, source }, { verb: "tree", machine, hash });
  if (args.dns === undefined) draft.add({ verb: "guest_resolver", machine, families: familiesOf(args) });
  guestFiles(draft, desired);
  for (const [path, target] of Object.entries(factAs.named(desired.boot.links))) {
    draft.add({ verb: "guest_link", path, target });
  }
  const password = desired.secretFiles[guestRootPassword(machine)];
  if (password !== undefined) draft.add({ verb: "guest_password", text: draft.text(`${password}\n`, "root-password") });
  draft.add({ verb: "publish", machine });
}
