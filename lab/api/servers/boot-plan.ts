import type { ActionPlan } from "../actions/action-plan";
import type { World } from "../world";
import { booted } from "./booted";
import { serverPlan } from "./server-plan";
import type { ServerRecord } from "../records/server-record";

/** `start_server` and `poweron`: done when the machine is powered, not when its sshd answers. */
export function bootPlan(
  world: World,
  server: ServerRecord,
  command: "start_server" | "poweron",
  after?: ActionPlan["after"],
): ActionPlan {
  return serverPlan(world, server, {
    command,
    after,
    begin: () => {
      if (server.status === "off") server.status = "starting";
    },
    work: async () => {
      if (!(await world.backend.isRunning(server.id))) await world.backend.boot(server.id);
      booted(server);
    },
  });
}
