import type { ActionPlan } from "./actions/action-plan";
import type { ActionRecord } from "./records/action-record";
import { assignFloatingIpPlan } from "./floating-ips/assign-floating-ip-plan";
import { assignPrimaryIpPlan } from "./primary-ips/assign-primary-ip-plan";
import { bootPlan } from "./servers/boot-plan";
import { deletePlan } from "./servers/delete-plan";
import { powerPlans } from "./servers/power-plans";
import { refreshStatus } from "./servers/refresh-status";
import type { ServerRecord } from "./records/server-record";
import type { World } from "./world";

/**
 * After a restart: what can be done again safely (power, deletion, addresses) is done again under the same action id;
 * the rest ends in error, and servers show what the backend says.
 */
export async function resumeActions(world: World): Promise<void> {
  const open = world.state.actions.filter(({ status }) => status === "running");
  const failed = new Set<number>();
  for (const record of open) {
    const server = world.state.servers.find(({ id }) => id === idOf(record, "server"));
    const plan = server && failed.has(server.id) ? undefined : planOf(world, record, server);
    if (plan) world.actions.resume(record, plan);
    else {
      world.actions.fail(record, "action_failed", "interrupted by a restart of the API");
      if (server) failed.add(server.id);
    }
  }
  await Promise.all(world.state.servers.map((server) => refreshStatus(world, server)));
}

function idOf(record: ActionRecord, type: string): number | undefined {
  return record.resources.find((resource) => resource.type === type)?.id;
}

function planOf(world: World, record: ActionRecord, server: ServerRecord | undefined): ActionPlan | undefined {
  const { command } = record;
  if (command.endsWith("_floating_ip") || command.endsWith("_primary_ip")) return addressPlan(world, record);
  if (command === "delete_server") return server ? deletePlan(world, server) : { command, resources: record.resources };
  if (!server) return undefined;
  if (command === "start_server") return bootPlan(world, server, command);
  return Object.hasOwn(powerPlans, command) ? powerPlans[command as keyof typeof powerPlans](world, server) : undefined;
}

function addressPlan(world: World, record: ActionRecord): ActionPlan | undefined {
  const { floatingIps, primaryIps, servers } = world.state;
  const floating = floatingIps.find(({ id }) => id === idOf(record, "floating_ip"));
  if (floating) return assignFloatingIpPlan(world, floating, record.target);
  const primary = primaryIps.find(({ id }) => id === idOf(record, "primary_ip"));
  return primary && assignPrimaryIpPlan(world, primary, servers.find(({ id }) => id === record.target) ?? null);
}
