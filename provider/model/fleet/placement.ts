import { createHash } from "node:crypto";

/** A host of a fleet, or where one was. */
export interface Place {
  /** Which host it is; nothing of a gap. */
  host?: string;
  /** A gap, or a host that is being emptied: its members are on the others. */
  gone: boolean;
  /** Share of the members, from 1. */
  weight: number;
  /** The most members that are placed here, not counting those of places that are gone; absent: any number. */
  capacity?: number;
  /** The first number that may be placed here; 1 is the first member. */
  from: number;
}

/** How members that are counted are spread. */
export type Spread = "round-robin" | "pack";

/**
 * The place of each member from number 1 to `count`, as its index; undefined where there is no room. Of a member decide its
 * number, the places, and members with lower numbers, so that one more or fewer at the end changes nothing. A place that
 * is added behind the others with `from` above `count` changes nothing either, and one that is gone only its own members.
 */
export function placesOfNumbers(count: number, places: Place[], spread: Spread): (number | undefined)[] {
  const loads = places.map(() => 0);
  return Array.from({ length: count }, (_, index) => {
    const number = index + 1;
    const home = homeOf(number, places, loads, spread);
    if (home === undefined) return undefined;
    loads[home]! += 1;
    return places[home]!.gone ? refugeOf(number, home, loads[home]!, places) : home;
  });
}

/** Where a member would be if no place were gone. */
function homeOf(number: number, places: Place[], loads: number[], spread: Spread): number | undefined {
  const open = indices(places).filter((at) => isEligible(places[at]!, number) && hasRoom(places[at]!, loads[at]!));
  if (spread === "pack") return open[0];
  const share = (at: number): number => (loads[at]! + 1) / places[at]!.weight;
  return open.reduce<number | undefined>(
    (best, at) => (best === undefined || share(at) < share(best) ? at : best),
    undefined,
  );
}

/**
 * Where the `nth` member of a place goes that is gone. Each has an order of its own, of all places that there were for it, and
 * takes the first of them that is left: then it stays there, whatever else goes.
 */
function refugeOf(number: number, home: number, nth: number, places: Place[]): number | undefined {
  const [near, far] = [true, false].map((eligible) =>
    indices(places).filter((at) => at !== home && isEligible(places[at]!, number) === eligible),
  ) as [number[], number[]];
  const rounds = byWeight(near, places);
  const start = rounds.length === 0 ? 0 : (nth - 1) % rounds.length;
  const order = [...rounds.slice(start), ...rounds.slice(0, start), ...far];
  return order.find((at) => !places[at]!.gone);
}

/** Each place as often as its weight says, in rounds. */
function byWeight(among: number[], places: Place[]): number[] {
  const most = Math.max(0, ...among.map((at) => places[at]!.weight));
  return Array.from({ length: most }, (_, round) => among.filter((at) => places[at]!.weight > round)).flat();
}

const indices = (places: Place[]): number[] => places.map((_, at) => at);
const isEligible = ({ from }: Place, number: number): boolean => from <= number;
const hasRoom = ({ capacity = Infinity }: Place, load: number): boolean => load < capacity;

const domain = "pulumi-nspawn/fleet/1";

/**
 * The place of a member that has a name and no number: the host that draws highest for it (rendezvous hashing). Only this
 * name and the hosts decide, in any order. A host that goes changes only its own members; one that comes draws its share of
 * all of them.
 */
export function placeOfName(name: string, places: Place[]): number | undefined {
  let best: number | undefined;
  let highest = -Infinity;
  for (const [at, place] of places.entries()) {
    const score = place.gone ? -Infinity : draw(name, place);
    if (score > highest) [best, highest] = [at, score];
  }
  return best;
}

/** A share of all names according to the weight, as of logarithmic rendezvous hashing. */
function draw(name: string, { host = "", weight }: Place): number {
  const hash = createHash("sha256").update(`${domain}\0${host}\0${name}`, "utf8").digest();
  // 48 bits, and never 0 or 1.
  const uniform = (hash.readUIntBE(0, 6) + 0.5) / 2 ** 48;
  return -weight / Math.log(uniform);
}
