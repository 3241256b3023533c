import type { Facts } from "./facts";
import { obstacles, type Obstacle } from "./netfilter/obstacles";
import type { Sought } from "./sought";
import { portToOutside, uplinkOf } from "./uplink";

/** What others' filters do to the traffic of a resource. */
export function obstaclesTo({ traffic }: Sought, facts: Facts): Obstacle[] {
  const uplink = traffic?.bridged === true ? portToOutside(facts) : uplinkOf(facts);
  return traffic === undefined || uplink === undefined ? [] : obstacles({ ...traffic, uplink }, facts.netfilter);
}
