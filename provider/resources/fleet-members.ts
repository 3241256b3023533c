import { NspawnError } from "../errors";
import { fleetProblems, placesOf } from "../model/fleet/fleet-problems";
import { placeOfName, placesOfNumbers } from "../model/fleet/placement";
import type { Problem } from "../model/problem";
import { shown } from "../model/read/shown";
import { BridgeNetwork } from "./bridge-network";
import {
  fleetNames,
  type FleetHost,
  type FleetMember,
  type FleetShare,
  type FleetTemplate,
  type MachineFleetArgs,
} from "./fleet-args";
import type { Host } from "./host";
import { ownerOf } from "./owner";
import { unknownArguments } from "./unknown-arguments";

/**
 * The members of a fleet, each with its place.
 *
 * @throws NSPAWN_INVALID_INPUT with all that is wrong with the arguments
 */
export function membersOf(name: string, args: MachineFleetArgs): FleetMember[] {
  refuseAll(name, problemsOf(name, args));
  const places = placesOf(placeInputs(args.on));
  const named = namesOf(name, args);
  const counted =
    args.count === undefined ? undefined : placesOfNumbers(args.count, places, args.spread ?? "round-robin");
  return named.map((member, index): FleetMember => {
    const given = hostGiven(args, member);
    const at = given === undefined ? (counted?.[index] ?? placeOfName(member, places)) : indexOf(args, given);
    // A place of a member is neither a gap nor absent: the arguments are in order.
    const { host, network } = args.on[at!] as FleetHost;
    return { name: member, number: index + 1, host, network };
  });
}

function namesOf(fleet: string, { count = 0, names }: MachineFleetArgs): string[] {
  if (names === undefined) return Array.from({ length: count }, (_, index) => `${fleet}-${index + 1}`);
  return Array.isArray(names) ? names : Object.keys(names);
}

const hostGiven = ({ names }: MachineFleetArgs, member: string): Host | undefined =>
  names === undefined || Array.isArray(names) ? undefined : names[member];

const indexOf = ({ on }: MachineFleetArgs, host: unknown): number =>
  on.findIndex((place) => place.host === host && place.gone !== true);

/** Plain JavaScript lets anything pass. */
function problemsOf(name: string, args: MachineFleetArgs): Problem[] {
  const { count, names, on, spread, maxUnavailable, template } = args;
  const isObject = typeof names === "object" && names !== null && !Array.isArray(names);
  const inputs = {
    name,
    count,
    names: isObject ? Object.keys(names) : names,
    on: placeInputs(on),
    spread,
    maxUnavailable,
  };
  const problems = [...unknownArguments(args, fleetNames), ...fleetProblems(inputs)];
  if (isObject && Array.isArray(on)) problems.push(...hostProblems(args, names));
  return typeof template === "function" ? problems : [...problems, ...templateProblems(template)];
}

/** What a member is. @throws NSPAWN_INVALID_INPUT if a function does not say it */
export function templateOf(fleet: string, template: MachineFleetArgs["template"], member: FleetMember): FleetTemplate {
  if (typeof template !== "function") return template;
  const of = template(member);
  refuseAll(fleet, templateProblems(of), ` of ${member.name}`);
  return of;
}

function templateProblems(template: unknown): Problem[] {
  if (typeof template !== "object" || template === null)
    return [{ path: "template", message: `must be arguments of a machine, or a function (got ${shown(template)})` }];
  return ["host", "machineName"]
    .filter((name) => name in template)
    .map((name) => ({ path: `template.${name}`, message: "is what the fleet decides; leave it out" }));
}

function refuseAll(name: string, problems: Problem[], of = ""): void {
  if (problems.length === 0) return;
  const lines = problems.map(({ path, message }) => `MachineFleet "${name}": ${path}${of}: ${message}`);
  throw new NspawnError("NSPAWN_INVALID_INPUT", lines.join("\n"), { path: problems[0]?.path });
}

function hostProblems(args: MachineFleetArgs, names: Record<string, Host>): Problem[] {
  return Object.keys(names)
    .filter((name) => indexOf(args, names[name]) === -1)
    .map((name) => ({ path: `names.${name}`, message: "is none of the hosts in `on`, or one that is gone" }));
}

/** What is no host, or no network, is as if it were not there. */
function placeInputs(on: MachineFleetArgs["on"]): never[] {
  if (!Array.isArray(on)) return on;
  return on.map((place: unknown) => {
    if (typeof place !== "object" || place === null) return place;
    const { host, network, ...rest } = place as Partial<FleetHost>;
    const isNetwork = network instanceof BridgeNetwork;
    const inputs = { host: isHost(host) ? hostName(host) : undefined, network: isNetwork ? true : undefined };
    return { ...pick(rest), ...inputs };
  }) as never[];
}

/** What else there is has been told already. */
const pick = ({ gone, weight, capacity, from }: FleetShare & { gone?: boolean }): object => ({
  ...{ gone, weight, capacity, from },
});

const isHost = (host: unknown): host is Host =>
  typeof host === "object" && host !== null && typeof (host as Partial<Host>).ref?.id === "string";

/** What a host is called among those of a fleet: its own name, which no other stack, and no renaming of this one changes. */
export function hostName({ ref }: Host): string {
  const own = ownerOf("host", "");
  return ref.id.startsWith(own) ? ref.id.slice(own.length) : ref.id.split("/").slice(2).join("/");
}
