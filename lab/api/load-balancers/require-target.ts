import { ApiError } from "../http/api-error";
import { IpRange } from "../networks/ip-range";
import { ipsInUse } from "../networks/ips-in-use";
import { isPrivateTarget } from "../networks/is-private-target";
import { findRow } from "../shared/find-row";
import { isSameIp } from "../addresses/same-ip";
import type { World } from "../world";
import type { LoadBalancerRecord } from "../records/load-balancer-record";
import { type LoadBalancerTarget, targetKey } from "../records/load-balancer-target";
import { reaches } from "./target-servers";

type Balancer = Pick<LoadBalancerRecord, "privateNet" | "publicInterface" | "targets">;

/** Throws unless the load balancer can have this target besides those that it has. */
export function requireTarget(world: World, balancer: Balancer, target: LoadBalancerTarget): void {
  if (balancer.targets.some((other) => targetKey(other) === targetKey(target))) {
    throw refusal("target_already_defined", `target ${targetKey(target)} is defined already`);
  }
  requireSide(balancer, isPrivateTarget(target));
  if (target.type === "ip") requireOwned(world, balancer, target.ip.ip);
  if (target.type !== "server") return;
  const server = findRow(world.state.servers, target.server.id, "server");
  if (reaches(world, balancer, server, target.use_private_ip)) return;
  throw target.use_private_ip
    ? refusal("server_not_attached_to_network", "server is not attached to the load balancer's network")
    : refusal("missing_ipv4", "server has no public IPv4 address");
}

/** Throws when the load balancer has no interface on that side. */
function requireSide({ privateNet, publicInterface }: Balancer, privately: boolean): void {
  if (privately && privateNet === null) throw notAttached();
  if (privately || publicInterface) return;
  throw refusal("load_balancer_public_interface_disabled", "the public interface of the load balancer is disabled");
}

export function notAttached(): ApiError {
  return refusal("load_balancer_not_attached_to_network", "load balancer is not attached to a network");
}

/** Only addresses of dedicated servers may be targets, and the lab knows of none outside of a vSwitch's subnet. */
function requireOwned({ state }: World, { privateNet }: Balancer, ip: string): void {
  const addresses = [
    ...state.primaryIps,
    ...state.floatingIps,
    ...state.loadBalancers.flatMap((b) => [b.ipv4, b.ipv6]),
  ];
  const used = privateNet ? ipsInUse(state, privateNet.network) : [];
  if (used.includes(ip) || addresses.some((address) => isSameIp(address, ip))) {
    throw refusal("cloud_resource_ip_not_allowed", `IP ${ip} belongs to a cloud resource`);
  }
  const subnets = state.networks.find(({ id }) => id === privateNet?.network)?.subnets ?? [];
  const n = IpRange.number(ip);
  const isVswitch = subnets.some(
    ({ type, ip_range }) => type === "vswitch" && n !== undefined && IpRange.parse(ip_range)?.includes(n),
  );
  if (!isVswitch) throw refusal("ip_not_owned", `IP ${ip} is no dedicated server's of this project`);
}

function refusal(code: string, message: string): ApiError {
  return new ApiError(422, code, message);
}
