import type { ActionPlan } from "../actions/action-plan";
import type { World } from "../world";
import { refreshStatus } from "./refresh-status";
import { serverLock } from "./server-lock";
import type { ServerRecord } from "../records/server-record";

/** An action on a server: locks it, and when it fails shows whether the server runs. */
export function serverPlan(
  world: World,
  server: ServerRecord,
  plan: Omit<ActionPlan, "resources"> & Partial<Pick<ActionPlan, "resources">>,
): ActionPlan {
  return {
    resources: [{ id: server.id, type: "server" }],
    locks: [serverLock(server.id)],
    failed: () => refreshStatus(world, server, true),
    ...plan,
  };
}
