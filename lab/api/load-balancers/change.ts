import type { Call } from "../http/call";
import type { World } from "../world";
import type { LoadBalancerRecord } from "../records/load-balancer-record";

/** Checks a request and returns what the action is to do. */
export type Change = (call: Call, world: World, balancer: LoadBalancerRecord) => () => void;
