import type { ActionPlan } from "../actions/action-plan";
import { serverLock } from "../servers/server-lock";
import type { ServerRecord } from "../records/server-record";
import { publicPrefix } from "../addresses/public-prefix";
import type { World } from "../world";
import type { PrimaryIpRecord } from "../records/primary-ip-record";

/** Moves a primary IP to a server, or (null) away from its own. */
export function assignPrimaryIpPlan(world: World, ip: PrimaryIpRecord, server: ServerRecord | null): ActionPlan {
  const touched = server?.id ?? ip.assignee;
  return {
    command: server ? "assign_primary_ip" : "unassign_primary_ip",
    resources: [{ id: ip.id, type: "primary_ip" }, ...(touched === null ? [] : [{ id: touched, type: "server" }])],
    locks: [`primary_ip:${ip.id}`, ...(touched === null ? [] : [serverLock(touched)])],
    target: server?.id ?? null,
    work: async () => {
      await world.backend.route(publicPrefix(ip), server?.id ?? null);
      ip.assignee = server?.id ?? null;
    },
  };
}
