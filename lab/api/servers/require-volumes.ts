import { ApiError } from "../http/api-error";
import type { ServerOrder } from "./server-order";
import type { World } from "../world";

/** Throws unless the volumes that an order names can be its server's. */
export function requireVolumes(world: World, { volumes, location }: ServerOrder): void {
  for (const { id, server, location: place } of volumes) {
    world.actions.assertFree([`volume:${id}`]);
    if (server !== null) throw new ApiError(422, "volume_already_attached", `volume ${id} is attached already`);
    if (place !== location.id) throw ApiError.invalid("volumes", `volume ${id} is not in ${location.name}`);
  }
}
