/** The fleet that a machine is a member of. */
export interface Membership {
  /** Name of the fleet's resource. */
  name: string;
  /** Members that are changed at once, at most. */
  maxUnavailable: number;
}

/** By the arguments of a machine: only a fleet says it, and no argument of a program. */
const memberships = new WeakMap<object, Membership>();

/** The arguments of a machine that is a member. */
export function asMember<A extends object>(args: A, membership: Membership): A {
  memberships.set(args, membership);
  return args;
}

/** The fleet of the machine that has these arguments. */
export const membershipOf = (args: object): Membership | undefined => memberships.get(args);
