import type { LoadBalancerTarget } from "../records/load-balancer-target";
import { IpRange } from "./ip-range";
import { isPrivate } from "./private-ranges";

/** Whether a target is forwarded to in the load balancer's network. */
export function isPrivateTarget(target: LoadBalancerTarget): boolean {
  return target.type === "ip" ? isPrivateIp(target.ip.ip) : target.use_private_ip;
}

function isPrivateIp(ip: string): boolean {
  const range = IpRange.parse(`${ip}/32`);
  return range !== undefined && isPrivate(range);
}
