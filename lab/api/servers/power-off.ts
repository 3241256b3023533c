import type { World } from "../world";
import type { ServerRecord } from "../records/server-record";

/** Cuts the power, if there is any. */
export async function powerOff(world: World, server: ServerRecord): Promise<void> {
  if (await world.backend.isRunning(server.id)) await world.backend.kill(server.id);
}
