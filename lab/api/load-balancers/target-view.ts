import type { World } from "../world";
import type { LoadBalancerRecord } from "../records/load-balancer-record";
import type { LoadBalancerTarget } from "../records/load-balancer-target";
import { targetServers } from "./target-servers";

type View = Record<string, unknown>;

/** A target as the API shows it. No health check is ever made, so nobody knows whether it is healthy. */
export function targetView(world: World, balancer: LoadBalancerRecord, target: LoadBalancerTarget): View {
  const health_status = balancer.services.map(({ listen_port }) => ({ listen_port, status: "unknown" }));
  if (target.type !== "label_selector") return { ...target, health_status };
  const { use_private_ip } = target;
  const targets = targetServers(world, balancer, target).map(({ id }) => ({
    type: "server",
    server: { id },
    use_private_ip,
    health_status,
  }));
  return { ...target, targets };
}
