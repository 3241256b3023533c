import { ApiError } from "../http/api-error";
import { requireOff } from "../servers/require-off";
import { serverLock } from "../servers/server-lock";
import type { ServerRecord } from "../records/server-record";
import type { World } from "../world";

/** Throws unless this server could get a primary IP of the family now. */
export function requireAssignable(world: World, type: "ipv4" | "ipv6", server: ServerRecord): void {
  world.actions.assertFree([serverLock(server.id)]);
  requireOff(server);
  if (world.state.primaryIps.some((other) => other.assignee === server.id && other.type === type)) {
    throw new ApiError(422, `server_has_${type}`, `the server already has an ${type} address`);
  }
}
