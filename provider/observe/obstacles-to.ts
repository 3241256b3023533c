import type { Facts } from "./facts/facts";
import { obstacles, type Obstacle } from "./netfilter/obstacles";
import type { Subject } from "./subject";
import { portToOutside, uplinkOf } from "./uplink";

/** What others' filters do to the traffic of a resource. */
export function obstaclesTo({ traffic }: Subject, facts: Facts): Obstacle[] {
  const uplink = traffic?.bridged === true ? portToOutside(facts) : uplinkOf(facts);
  return traffic === undefined || uplink === undefined ? [] : obstacles({ ...traffic, uplink }, facts.netfilter);
}

/** The same as `up` warns of it, and of what could not be judged. */
export function filterWarnings(subject: Subject, facts: Facts): string[] {
  if (subject.traffic === undefined) return [];
  const found = obstaclesTo(subject, facts).map(
    ({ text, advice }) => `a filter that is not ours drops or changes our traffic: ${text}; ${advice}`,
  );
  const unread = facts.netfilter.unread.map(
    (what) => `whether others' filters let our traffic pass is not known: not read are ${what}`,
  );
  return [...found, ...unread];
}
