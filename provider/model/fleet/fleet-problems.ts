import type { Problem } from "../problem";
import { list } from "../read/list";
import { object, optional, required } from "../read/object";
import { Place as At } from "../read/place";
import { flag, integer, oneOf } from "../read/scalar";
import { text } from "../read/text";
import { machineName } from "../rule/name";
import { isKnown } from "../unknown";
import { type Place, placesOfNumbers, type Spread } from "./placement";

/** What a fleet may have at most. */
const most = 10_000;

/** A place as a program gives it, with the host's id in the place of the host. */
interface PlaceInputs {
  host?: string;
  /** Whether a network is given. */
  network?: boolean;
  gone?: boolean;
  weight?: number;
  capacity?: number;
  from?: number;
}

/** The arguments of a fleet, of which all is plain. */
export interface FleetInputs {
  name: string;
  count?: number;
  names?: string[];
  on: PlaceInputs[];
  spread?: Spread;
  maxUnavailable?: number;
}

const place = object<PlaceInputs>({
  host: optional(text({ allowed: "be a host", test: () => true })),
  network: optional(flag),
  gone: optional(flag),
  weight: optional(integer(1, 100)),
  capacity: optional(integer(1, most)),
  from: optional(integer(1, most)),
});

const read = object<FleetInputs>({
  name: required(text({ allowed: "not be empty", test: (value) => value !== "" })),
  count: optional(integer(0, most)),
  names: optional(list(machineName, { max: most, twice: "is listed" })),
  on: required(list(place, { min: 1 })),
  spread: optional(oneOf(["round-robin", "pack"])),
  maxUnavailable: optional(integer(1, most)),
});

/** What is wrong with the arguments of a fleet, all of it. */
export function fleetProblems(inputs: object): Problem[] {
  const at = At.root();
  const fleet = read(inputs, at);
  countOrNames(fleet, at);
  if (Array.isArray(fleet.on)) hosts(fleet.on, at.key("on"));
  if (at.problems.length === 0) room(fleet, at);
  return at.problems;
}

/** The places of a fleet whose arguments are in order. */
export const placesOf = (on: PlaceInputs[]): Place[] =>
  on.map(({ host, gone = false, weight = 1, capacity, from = 1 }) => ({ host, gone, weight, capacity, from }));

function countOrNames({ name, count, names, on, spread }: FleetInputs, at: At): void {
  if ((count === undefined) === (names === undefined))
    at.key("count").refuse("give either `count`, for members with numbers, or `names`, for members with names");
  if (isKnown(name) && typeof count === "number") machineName(`${name}-${Math.max(1, count)}`, at.key("name"));
  if (names === undefined) return;
  if (spread === "pack") at.key("spread").refuse("pack needs `count`: names have no order in which hosts are filled");
  (Array.isArray(on) ? on : []).forEach((one, index) => {
    for (const key of ["from", "capacity"] as const)
      if (isKnown(one) && one[key] !== undefined)
        at.key("on").index(index).key(key).refuse("needs `count`: names have no order, so none comes first");
  });
}

function hosts(on: PlaceInputs[], at: At): void {
  const seen = new Map<string, number>();
  on.forEach((one, index) => {
    if (!isKnown(one)) return;
    const { host, network, gone } = one;
    if (gone !== true && (host === undefined || network !== true))
      at.index(index).refuse(
        "must be { host: an NspawnHost, network: its BridgeNetwork }, or { gone: true } in the place of a host that is no more",
      );
    const first = host === undefined ? undefined : seen.get(host);
    if (first !== undefined)
      at.index(index).key("host").refuse(`is listed twice, first at [${first}]; give it a weight`);
    if (host !== undefined) seen.set(host, first ?? index);
  });
  if (on.every((one) => isKnown(one) && one.gone === true)) at.refuse("all hosts are gone: one has to be left");
}

function room({ count = 0, on, spread = "round-robin" }: FleetInputs, at: At): void {
  const without = placesOfNumbers(count, placesOf(on), spread).indexOf(undefined);
  if (without === -1) return;
  const message = `there is no room for member ${without + 1} of ${count}: give a host a higher capacity or a lower \`from\`, or add one`;
  at.key("on").refuse(message);
}
