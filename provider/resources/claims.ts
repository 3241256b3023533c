import * as pulumi from "@pulumi/pulumi";
import { NspawnError } from "../errors";

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
 * name, or one address twice, fail in the preview. Throws NSPAWN_INVALID_INPUT for a second claimant.
 */
export function claim(thing: string, claimant: string): void {
  const claims = claimsOfThisRun();
  const holder = claims.get(thing);
  if (holder !== undefined && holder !== claimant) {
    throw new NspawnError(
      "NSPAWN_INVALID_INPUT",
      `${thing} is used twice: by ${holder} and by ${claimant}. Give each its own, or remove one of the two.`,
    );
  }
  claims.set(thing, claimant);
}
