import type { World } from "../world";
import { serverLock } from "./server-lock";
import type { ServerRecord } from "../records/server-record";

/** Asks the backend whether the server runs: a guest may have turned itself off. While an action runs, the action knows better. */
export async function refreshStatus(world: World, server: ServerRecord, duringAction = false): Promise<void> {
  const locked = (): boolean => !duringAction && world.actions.isLocked(serverLock(server.id));
  if (locked()) return;
  const running = await world.backend.isRunning(server.id).catch(() => undefined);
  if (running === undefined || locked()) return;
  const before = server.status;
  if (!running) server.status = "off";
  else if (before !== "stopping" || duringAction) server.status = "running";
  if (server.status !== before) world.store.save();
}
