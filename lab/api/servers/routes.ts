import { ApiError } from "../http/api-error";
import { actionView } from "../actions/action-view";
import type { Call } from "../http/call";
import { Fields } from "../http/fields";
import { listReply } from "../http/list-reply";
import type { Reply } from "../http/reply";
import type { Route } from "../routing/route";
import { rename } from "../shared/rename";
import type { World } from "../world";
import { createImage } from "./create-image";
import { createServer } from "./create-server";
import { deletePlan } from "./delete-plan";
import { findServer } from "./find-server";
import { hostName } from "./host-name";
import { refreshStatus } from "./refresh-status";
import { serverLock } from "./server-lock";
import { serverView } from "./server-view";

export const serverRoutes: Route[] = [
  { method: "GET", path: "/servers", handle: list },
  { method: "POST", path: "/servers", handle: createServer },
  { method: "GET", path: "/servers/:id", handle: read },
  { method: "PUT", path: "/servers/:id", handle: update },
  { method: "DELETE", path: "/servers/:id", handle: remove },
  { method: "POST", path: "/servers/:id/actions/create_image", handle: createImage },
];

async function list(call: Call, world: World): Promise<Reply> {
  await Promise.all(world.state.servers.map((server) => refreshStatus(world, server)));
  const rows = world.state.servers.map((server) => serverView(world, server));
  return listReply(call, "servers", rows, world.options.maxPerPage);
}

async function read(call: Call, world: World): Promise<Reply> {
  await refreshStatus(world, findServer(world, call.params["id"]));
  return { status: 200, body: { server: serverView(world, findServer(world, call.params["id"])) } };
}

function update(call: Call, world: World): Reply {
  const server = findServer(world, call.params["id"]);
  const fields = new Fields(call.body);
  const name = fields.has("name") ? hostName(fields) : undefined;
  rename(fields, world.state.servers, server, name);
  return { status: 200, body: { server: serverView(world, server) } };
}

function remove(call: Call, world: World): Reply {
  const server = findServer(world, call.params["id"]);
  if (server.protection.delete) throw ApiError.isProtected("server");
  world.actions.assertFree([serverLock(server.id)]);
  const action = world.actions.start(deletePlan(world, server), call.actionFault);
  return { status: 200, body: { action: actionView(action) } };
}
