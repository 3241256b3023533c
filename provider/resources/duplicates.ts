import { Address4 } from "ip-address";
import * as pulumi from "@pulumi/pulumi";
import { NspawnError, withCode } from "../errors";
import { refuse } from "./refusals";

/** What each run of a program has given out so far. Keyed by the run's stack resource: a process may run many programs. */
const runs = new WeakMap<object, Map<string, string>>();
const withoutStack = {};

function claimsOfThisRun(): Map<string, string> {
  const run: object = pulumi.runtime.getStackResource() ?? withoutStack;
  let claims = runs.get(run);
  if (claims === undefined) {
    claims = new Map();
    runs.set(run, claims);
  }
  return claims;
}

/**
 * Notes that `claimant` has `thing` (`address 198.51.100.7`, `machine web on host-1`), so that two machines with one
 * name, or one address twice, fail in the preview. A second claimant is refused with NSPAWN_INVALID_INPUT, beside all
 * else that is wrong in the program, and has to wait for what this returns: it never comes.
 */
export function claim(thing: string, claimant: string): Promise<never> | undefined {
  const claims = claimsOfThisRun();
  const holder = claims.get(thing);
  if (holder === undefined || holder === claimant) {
    claims.set(thing, claimant);
    return undefined;
  }
  return refused(
    `${thing} is used twice: by ${holder} and by ${claimant}. Give each its own, or remove one of the two.`,
  );
}

/** Notes what `thing` is, of which several resources are a part; who says another one is refused as by {@link claim}. */
export function agree(thing: string, value: string): Promise<never> | undefined {
  const claims = claimsOfThisRun();
  const before = claims.get(thing) ?? value;
  claims.set(thing, before);
  if (before === value) return undefined;
  return refused(`${thing} is ${before} on one host and ${value} on another. Give all of its bridges the same.`);
}

function refused(message: string): Promise<never> {
  if (!pulumi.runtime.hasEngine()) throw new NspawnError("NSPAWN_INVALID_INPUT", message);
  return refuse([withCode("NSPAWN_INVALID_INPUT", message)]);
}

/** The same of an IPv4 network on a host: none may overlap with another claimant's. */
export function claimNetwork(network: string, host: string, claimant: string): Promise<never> | undefined {
  const end = ` on ${host}`;
  const others = [...claimsOfThisRun()].filter(([thing, holder]) => {
    const isNetwork = thing.startsWith("network ") && thing.endsWith(end);
    return isNetwork && holder !== claimant && overlap(thing.slice("network ".length, -end.length), network);
  });
  return claim(others[0]?.[0] ?? `network ${network}${end}`, claimant);
}

function overlap(one: string, other: string): boolean {
  if (!Address4.isValid(one) || !Address4.isValid(other)) return false;
  const [a, b] = [new Address4(one), new Address4(other)];
  return a.isInSubnet(b) || b.isInSubnet(a);
}

/** `value` for who has what it claimed. */
export function once<T>(claimed: Promise<never> | undefined, value: T): pulumi.Output<pulumi.Unwrap<T>> {
  return pulumi.output(claimed).apply(() => value) as pulumi.Output<pulumi.Unwrap<T>>;
}
