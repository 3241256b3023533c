import type { ActionPlan } from "../actions/action-plan";
import { actionView } from "../actions/action-view";
import { ApiError } from "../http/api-error";
import type { Call } from "../http/call";
import { Fields } from "../http/fields";
import { listReply } from "../http/list-reply";
import type { Reply } from "../http/reply";
import type { Route } from "../routing/route";
import { serverLock } from "../servers/server-lock";
import type { ServerRecord } from "../records/server-record";
import { findRow } from "../shared/find-row";
import { dnsPtrRoute } from "../addresses/dns-ptr-route";
import { rename } from "../shared/rename";
import { requireUnique } from "../shared/require-unique";
import type { World } from "../world";
import { assignFloatingIpPlan } from "./assign-floating-ip-plan";
import type { FloatingIpRecord } from "../records/floating-ip-record";
import { floatingIpView } from "./floating-ip-view";
import { newFloatingIp } from "./new-floating-ip";
import { readFloatingIp } from "./read-floating-ip";

export const floatingIpRoutes: Route[] = [
  {
    method: "GET",
    path: "/floating_ips",
    handle: (call, world) =>
      listReply(call, "floating_ips", world.state.floatingIps.map(floatingIpView), world.options.maxPerPage),
  },
  { method: "POST", path: "/floating_ips", handle: create },
  { method: "GET", path: "/floating_ips/:id", handle: (call, world) => shown(find(call, world)) },
  { method: "PUT", path: "/floating_ips/:id", handle: update },
  { method: "DELETE", path: "/floating_ips/:id", handle: remove },
  action("assign", assign),
  action("unassign", unassign),
  action("change_protection", changeProtection),
  dnsPtrRoute(
    "/floating_ips",
    "floating_ip",
    ({ floatingIps }) => floatingIps,
    (_state, ip) => [ip],
  ),
];

type Planner = (call: Call, world: World, ip: FloatingIpRecord) => ActionPlan;

function action(name: string, planner: Planner): Route {
  return {
    method: "POST",
    path: `/floating_ips/:id/actions/${name}`,
    handle: (call, world) => {
      const ip = find(call, world);
      world.actions.assertFree([`floating_ip:${ip.id}`]);
      const record = world.actions.start(planner(call, world, ip), call.actionFault);
      return { status: 201, body: { action: actionView(record) } };
    },
  };
}

function plan(ip: FloatingIpRecord, command: string, work: () => void): ActionPlan {
  return { command, resources: [{ id: ip.id, type: "floating_ip" }], locks: [`floating_ip:${ip.id}`], work };
}

function find(call: Call, world: World): FloatingIpRecord {
  return findRow(world.state.floatingIps, call.params["id"], "floating_ip");
}

function shown(ip: FloatingIpRecord): Reply {
  return { status: 200, body: { floating_ip: floatingIpView(ip) } };
}

function create(call: Call, world: World): Reply {
  const order = readFloatingIp(call, world);
  if (order.name) requireUnique(world.state.floatingIps, order.name);
  if (order.server) {
    requireFamily(world, order.type, order.server);
    world.actions.assertFree([serverLock(order.server.id)]);
  }
  const ip = newFloatingIp(world, order);
  const started =
    order.server && world.actions.start(assignFloatingIpPlan(world, ip, order.server.id), call.actionFault);
  return { status: 201, body: { floating_ip: floatingIpView(ip), ...(started && { action: actionView(started) }) } };
}

function requireFamily(world: World, type: "ipv4" | "ipv6", server: ServerRecord): void {
  const has = world.state.primaryIps.some((ip) => ip.assignee === server.id && ip.type === type);
  if (has || !world.options.floatingNeedsPrimary) return;
  throw ApiError.invalid("server", `needs a primary IP of type ${type} to have a floating IP of that type`);
}

function update(call: Call, world: World): Reply {
  const ip = find(call, world);
  const fields = new Fields(call.body);
  const description = fields.string("description");
  rename(fields, world.state.floatingIps, ip);
  ip.description = description ?? ip.description;
  return shown(ip);
}

/** Since May 2026 an assigned address is refused. */
function remove(call: Call, world: World): Reply {
  const ip = find(call, world);
  if (ip.protection.delete) throw ApiError.isProtected("floating IP");
  world.actions.assertFree([`floating_ip:${ip.id}`]);
  if (ip.server !== null) throw new ApiError(422, "must_be_unassigned", "floating IP must be unassigned first");
  world.state.floatingIps = world.state.floatingIps.filter((other) => other !== ip);
  return { status: 204 };
}

function assign(call: Call, world: World, ip: FloatingIpRecord): ActionPlan {
  const fields = new Fields(call.body);
  const id = fields.integer("server");
  if (id === undefined) fields.reject("server", "missing data for required field");
  fields.check();
  const server = findRow(world.state.servers, id, "server");
  requireFamily(world, ip.type, server);
  if (ip.server !== null && world.options.strictAssign) {
    throw new ApiError(422, "floating_ip_assigned", "floating IP is already assigned");
  }
  return assignFloatingIpPlan(world, ip, server.id);
}

function unassign(_call: Call, world: World, ip: FloatingIpRecord): ActionPlan {
  if (ip.server === null) throw new ApiError(422, "floating_ip_not_assigned", "floating IP is not assigned");
  return assignFloatingIpPlan(world, ip, null);
}

function changeProtection(call: Call, _world: World, ip: FloatingIpRecord): ActionPlan {
  const fields = new Fields(call.body);
  fields.require("delete");
  const wanted = fields.boolean("delete") ?? ip.protection.delete;
  fields.check();
  return plan(ip, "change_protection", () => {
    ip.protection = { delete: wanted };
  });
}
