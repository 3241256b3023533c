import type { Properties } from "../support/driver";
import type { Site } from "./arguments";
import type { LanImage } from "./host";
import type { Declared } from "./stack";

/** The arguments of a state; undefined: the resource is not there. */
export type Args = (site: Site) => Properties | undefined;

/** A kind of change, there and back: each fault leaves the resource where the next one begins. */
export interface FaultKind {
  /** Row of the table; the way back to nothing counts as `destroy`. */
  name: string;
  /** Name of the handlers. */
  handlers: string;
  key: string;
  /** Whether it can cut the connection, so that it has to be confirmed by a new one. */
  cuts: boolean;
  /** How many of the disturbances each boundary has; they take turns. Below 1 some boundaries have none. `--all` has all. */
  share: number;
  /** Whether the first state is that there is nothing. */
  removable?: boolean;
  /** Whether it concerns two hosts. */
  moves?: boolean;
  /** Whether the next `up` goes on with it instead of beginning anew: in between it is neither at the old nor at the new state. */
  resumes?: boolean;
  /** Of which image, when it needs a host of the plain LAN. */
  lan?: LanImage;
  /** What the change stands on, in the order in which it is made. */
  stands: (site: Site) => Declared[];
  states: readonly [Args, Args];
  /** Any other arguments, out of random numbers in [0, 1). */
  vary?: (site: Site, next: () => number) => Properties;
}

/** A kind whose host is reached by IPv6 alone. */
export function overIpv6(kind: FaultKind): FaultKind {
  const reached = ({ one, two }: Site): Site => ({ one: { ...one, reachedAt: one.ipv6.replace("::/64", "::1") }, two });
  const [first, second] = kind.states;
  return {
    ...kind,
    name: `${kind.name} over IPv6`,
    stands: (site) => kind.stands(reached(site)),
    states: [(site) => first(reached(site)), (site) => second(reached(site))],
  };
}
