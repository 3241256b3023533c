import { ApiError } from "../http/api-error";
import type { LoadBalancerService } from "../records/load-balancer-service";

/** Throws `source_port_already_used` when two services listen on one port. */
export function requirePorts(services: Pick<LoadBalancerService, "listen_port">[]): void {
  const ports = services.map(({ listen_port }) => listen_port);
  const twice = ports.find((port, index) => ports.indexOf(port) !== index);
  if (twice === undefined) return;
  throw new ApiError(422, "source_port_already_used", `source port ${twice} is used already`);
}
