import type { ActionPlan } from "../actions/action-plan";
import type { World } from "../world";
import { bootPlan } from "./boot-plan";
import { booted } from "./booted";
import { powerOff } from "./power-off";
import { serverPlan } from "./server-plan";
import type { ServerRecord } from "../records/server-record";

type Plan = (world: World, server: ServerRecord) => ActionPlan;

const STEP_MS = 250;

/** The five power actions, by their path. */
export const powerPlans: Record<"poweron" | "poweroff" | "shutdown" | "reboot" | "reset", Plan> = {
  poweron: (world, server) => bootPlan(world, server, "poweron"),
  poweroff: (world, server) =>
    serverPlan(world, server, {
      command: "poweroff",
      work: async () => {
        await powerOff(world, server);
        server.status = "off";
      },
    }),
  // Done when the signal is sent; the guest takes its time.
  shutdown: (world, server) =>
    serverPlan(world, server, {
      command: "shutdown",
      work: async () => {
        if (!(await world.backend.isRunning(server.id))) {
          server.status = "off";
          return;
        }
        await world.backend.shutdown(server.id);
        server.status = "stopping";
      },
    }),
  reboot: (world, server) => restart(world, server, "reboot", () => stopGently(world, server)),
  reset: (world, server) => restart(world, server, "reset", () => powerOff(world, server)),
};

function restart(world: World, server: ServerRecord, command: string, stop: () => Promise<void>): ActionPlan {
  return serverPlan(world, server, {
    command,
    work: async () => {
      await stop();
      await world.backend.boot(server.id);
      booted(server);
    },
  });
}

async function stopGently(world: World, server: ServerRecord): Promise<void> {
  const { options, backend } = world;
  if (!(await backend.isRunning(server.id))) return;
  await backend.shutdown(server.id);
  for (let waited = 0; waited < options.rebootGraceMs; waited += STEP_MS) {
    if (!(await backend.isRunning(server.id))) return;
    await options.clock.sleep(STEP_MS);
  }
  await powerOff(world, server);
}
