import * as pulumi from "@pulumi/pulumi";
import { refused } from "./refusals";

interface Ordered {
  after: string[];
  resource?: pulumi.Resource;
}

/** Machines of each run of a program, by host and name. */
const runs = new WeakMap<object, Map<string, Ordered>>();
const withoutStack = {};

function machinesOfThisRun(): Map<string, Ordered> {
  const run: object = pulumi.runtime.getStackResource() ?? withoutStack;
  const machines = runs.get(run) ?? new Map<string, Ordered>();
  runs.set(run, machines);
  return machines;
}

const keyOf = (host: string, name: string): string => `${name} on ${host}`;

/**
 * Notes after which machines of its host one starts. Whoever closes a circle is refused with NSPAWN_INVALID_INPUT, beside all
 * else that is wrong in the program: systemd would leave out one of them at boot, without saying which.
 *
 * @param who for messages: `NspawnMachine "web"`
 */
export function order(who: string, host: string, name: string, after: string[]): Promise<never> | undefined {
  const machines = machinesOfThisRun();
  machines.set(keyOf(host, name), { after });
  const circle = after.map((other) => wayTo(name, other, host, [name])).find((way) => way !== undefined);
  // A machine after itself is told by the check of its arguments.
  if (circle === undefined || after.includes(name)) return undefined;
  const message = `${circle.join(" after ")} is a circle, in which none can start first; leave one out of startAfter`;
  return refused(who, { path: "startAfter", message });
}

function wayTo(goal: string, from: string, host: string, way: string[]): string[] | undefined {
  if (from === goal) return [...way, from];
  if (way.includes(from)) return undefined;
  const next = machinesOfThisRun().get(keyOf(host, from))?.after ?? [];
  return next.map((other) => wayTo(goal, other, host, [...way, from])).find((found) => found !== undefined);
}

/** The resource of a machine, which those wait for that start after it. */
export function ordered(host: string, name: string, resource: pulumi.Resource): void {
  const noted = machinesOfThisRun().get(keyOf(host, name));
  if (noted !== undefined) noted.resource = resource;
}

/** The resources of those machines that the program has made so far. */
export function madeBefore(host: string, after: string[]): pulumi.Resource[] {
  return after.flatMap((name) => machinesOfThisRun().get(keyOf(host, name))?.resource ?? []);
}
