import type { Facts } from "./facts/facts";
import { obstacles, type Obstacle } from "./netfilter/obstacles";
import { underlayObstacles } from "./netfilter/underlay";
import type { Subject } from "./subject";
import { portToOutside, uplinkOf } from "./uplink";

/** What others' filters do to the traffic of a resource. */
export function obstaclesTo({ traffic = [], underlays = [] }: Subject, facts: Facts): Obstacle[] {
  const ofHost = underlays.flatMap((underlay) => underlayObstacles(underlay, facts.netfilter));
  const ofMachines = traffic.flatMap((each) => {
    const uplink = each.bridged ? portToOutside(facts) : uplinkOf(facts);
    return uplink === undefined ? [] : obstacles({ ...each, uplink }, facts.netfilter);
  });
  return [...new Map([...ofHost, ...ofMachines].map((obstacle) => [obstacle.text, obstacle])).values()];
}

/** The same as `up` warns of it, and of what could not be judged. */
export function filterWarnings(subject: Subject, facts: Facts): string[] {
  const { traffic = [], underlays = [] } = subject;
  if (traffic.length === 0 && underlays.length === 0) return [];
  const found = obstaclesTo(subject, facts).map(
    ({ text, advice }) => `a filter that is not ours drops or changes our traffic: ${text}; ${advice}`,
  );
  const unread = facts.netfilter.unread.map(
    (what) => `whether others' filters let our traffic pass is not known: not read are ${what}`,
  );
  return [...found, ...unread];
}
