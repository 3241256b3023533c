import { ApiError } from "../http/api-error";
import { isPrivateTarget } from "../networks/is-private-target";
import type { ServerRecord } from "../records/server-record";
import type { World } from "../world";
import { balancersOf } from "./target-servers";

/** Throws when a load balancer forwards to the public IPv4 of the server. */
export function requireNoTarget(world: World, server: ServerRecord): void {
  if (balancersOf(world, server, (target) => !isPrivateTarget(target)).length === 0) return;
  throw new ApiError(422, "server_is_load_balancer_target", "the server's IPv4 address is a load balancer's target");
}
