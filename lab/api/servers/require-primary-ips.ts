import { ApiError } from "../http/api-error";
import type { World } from "../world";
import type { ServerOrder } from "./server-order";

/** Throws unless the primary IPs that an order names can be its server's. */
export function requirePrimaryIps(world: World, order: ServerOrder): void {
  for (const family of ["ipv4", "ipv6"] as const) {
    const ip = order[family];
    if (typeof ip === "string") continue;
    const what = `primary IP ${ip.id}`;
    if (ip.type !== family) {
      throw new ApiError(422, "primary_ip_version_mismatch", `${what} is not of type ${family}`);
    }
    if (ip.location !== order.location.id) {
      throw new ApiError(422, "primary_ip_datacenter_mismatch", `${what} is not in ${order.location.name}`);
    }
    if (ip.assignee !== null) throw new ApiError(422, "primary_ip_assigned", `${what} is assigned to a server already`);
    world.actions.assertFree([`primary_ip:${ip.id}`]);
  }
}
