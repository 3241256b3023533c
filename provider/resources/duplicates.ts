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
  const message = `${thing} is used twice: by ${holder} and by ${claimant}. Give each its own, or remove one of the two.`;
  if (!pulumi.runtime.hasEngine()) throw new NspawnError("NSPAWN_INVALID_INPUT", message);
  return refuse([withCode("NSPAWN_INVALID_INPUT", message)]);
}

/** `value` for who has what it claimed. */
export function once<T>(claimed: Promise<never> | undefined, value: T): pulumi.Output<pulumi.Unwrap<T>> {
  return pulumi.output(claimed).apply(() => value) as pulumi.Output<pulumi.Unwrap<T>>;
}
