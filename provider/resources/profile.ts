import * as pulumi from "@pulumi/pulumi";
import type { Problem } from "../model/problem";
import type { NspawnMachineArgs } from "./machine-args";
import { isPlain } from "./unknown-arguments";

/** A machine's arguments on top of its profiles, the first at the bottom. */
export function withProfiles({ profiles, ...own }: NspawnMachineArgs): NspawnMachineArgs {
  const below = Array.isArray(profiles) ? profiles : [];
  return [...below, own].reduce<object>((before, next) => overlaid(before, next) as object, {}) as NspawnMachineArgs;
}

/** Of a program that is not type-checked. */
export function noList(profiles: unknown): Problem[] {
  if (profiles === undefined || Array.isArray(profiles)) return [];
  return [
    { path: "profiles", message: `must be a list, such as [nspawn.profiles.docker] (got ${JSON.stringify(profiles)})` },
  ];
}

/** Objects are merged by their keys, lists grow, of all else the later one stands. */
function overlaid(before: unknown, later: unknown): unknown {
  if (later === undefined) return before;
  if (before === undefined) return later;
  if (isLater(before) || isLater(later))
    return pulumi.all([before, later]).apply(([first, second]) => overlaid(first, second));
  if (Array.isArray(before) && Array.isArray(later))
    return withoutTwins([...(before as unknown[]), ...(later as unknown[])]);
  if (!isPlain(before) || !isPlain(later)) return later;
  const names = [...new Set([...Object.keys(before), ...Object.keys(later)])];
  return Object.fromEntries(names.map((name) => [name, overlaid(before[name], later[name])]));
}

const isLater = (value: unknown): boolean => pulumi.Output.isInstance(value) || value instanceof Promise;

/** Of plain entries that two profiles have; outputs are only equal to themselves. */
function withoutTwins(list: unknown[]): unknown[] {
  const known = new Set<unknown>();
  return list.filter((entry) => {
    const key = isLater(entry) ? entry : JSON.stringify(entry);
    if (known.has(key)) return false;
    known.add(key);
    return true;
  });
}
