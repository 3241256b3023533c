import { isOnLan } from "../../images/host-images";
import { images } from "../catalog/images";
import { ApiError } from "../http/api-error";
import { findRow } from "../shared/find-row";
import type { World } from "../world";
import type { ServerRecord } from "../records/server-record";

/** Throws when a server has nothing to be reached by: Hetzner does not switch on such a one. */
export function requireInterface(world: World, server: ServerRecord): void {
  if (hasInterface(world, server)) return;
  const message = "a server needs a public address or a network to be switched on";
  throw new ApiError(422, "invalid_input", message, { fields: [] });
}

/** Whether the server has an address, a network, or the cable of the lab's LAN. */
export function hasInterface({ state }: World, server: ServerRecord): boolean {
  const image = findRow(images, server.image, "image").name;
  const isPublic = state.primaryIps.some((ip) => ip.assignee === server.id);
  return isPublic || server.privateNets.length > 0 || isOnLan({ image });
}
