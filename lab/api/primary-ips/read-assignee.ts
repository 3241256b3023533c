import type { Fields } from "../http/fields";
import { refreshStatus } from "../servers/refresh-status";
import type { ServerRecord } from "../records/server-record";
import type { World } from "../world";

/** The server that `assignee_id` names; its status is true afterwards. */
export async function readAssignee(fields: Fields, world: World): Promise<ServerRecord | undefined> {
  fields.oneOf("assignee_type", ["server"] as const);
  const id = fields.integer("assignee_id");
  if (id !== undefined) fields.require("assignee_type");
  if (id === undefined) return undefined;
  const server = world.state.servers.find((candidate) => candidate.id === id);
  if (!server) fields.reject("assignee_id", `server ${id} not found`);
  else await refreshStatus(world, server);
  return server;
}
