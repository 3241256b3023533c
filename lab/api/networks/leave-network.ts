import type { LoadBalancerRecord } from "../records/load-balancer-record";
import { isPrivateTarget } from "./is-private-target";

/** Takes a load balancer out of its network, and with it the targets that it forwarded to there. */
export function leaveNetwork(balancer: LoadBalancerRecord): void {
  balancer.privateNet = null;
  balancer.targets = balancer.targets.filter((target) => !isPrivateTarget(target));
}
