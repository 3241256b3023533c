import type { ActionPlan } from "../actions/action-plan";
import { serverLock } from "../servers/server-lock";
import { publicPrefix } from "../addresses/public-prefix";
import type { World } from "../world";
import type { FloatingIpRecord } from "../records/floating-ip-record";

/** Points a floating IP at a server, or (null) nowhere. The route stands before the action succeeds; both servers are locked. */
export function assignFloatingIpPlan(world: World, ip: FloatingIpRecord, target: number | null): ActionPlan {
  const servers = [...new Set([ip.server, target])].filter((id) => id !== null);
  return {
    command: target === null ? "unassign_floating_ip" : "assign_floating_ip",
    resources: [
      { id: ip.id, type: "floating_ip" },
      ...(target === null ? servers : [target]).map((id) => ({ id, type: "server" })),
    ],
    locks: [`floating_ip:${ip.id}`, ...servers.map(serverLock)],
    target,
    work: async () => {
      await world.backend.route(publicPrefix(ip), target);
      ip.server = target;
    },
  };
}
