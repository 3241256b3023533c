import type { ServerRecord } from "../records/server-record";
import { matchesSelector } from "../http/label-selector";
import type { World } from "../world";
import type { LoadBalancerRecord } from "../records/load-balancer-record";
import type { LoadBalancerTarget } from "../records/load-balancer-target";

type Interfaces = Pick<LoadBalancerRecord, "privateNet">;

/** Whether a load balancer has an address of the server to forward to: one in its own network, or a public IPv4. */
export function reaches(
  { state }: World,
  { privateNet }: Interfaces,
  server: ServerRecord,
  privately: boolean,
): boolean {
  if (privately) return server.privateNets.some(({ network }) => network === privateNet?.network);
  return state.primaryIps.some((ip) => ip.assignee === server.id && ip.type === "ipv4");
}

/** The servers that a target means now. */
export function targetServers(world: World, balancer: Interfaces, target: LoadBalancerTarget): ServerRecord[] {
  const { servers } = world.state;
  if (target.type === "ip") return [];
  if (target.type === "server") return servers.filter(({ id }) => id === target.server.id);
  const matches = matchesSelector(target.label_selector.selector) ?? (() => false);
  return servers.filter((server) => matches(server.labels) && reaches(world, balancer, server, target.use_private_ip));
}

/** The load balancers that forward to a server, named or by its labels; `only` chooses among their targets. */
export function balancersOf(
  world: World,
  server: ServerRecord,
  only: (target: LoadBalancerTarget) => boolean = () => true,
): LoadBalancerRecord[] {
  return world.state.loadBalancers.filter((balancer) =>
    balancer.targets.some((target) => only(target) && targetServers(world, balancer, target).includes(server)),
  );
}
