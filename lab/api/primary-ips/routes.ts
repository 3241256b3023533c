import type { ActionPlan } from "../actions/action-plan";
import { actionView } from "../actions/action-view";
import { ApiError } from "../http/api-error";
import type { Call } from "../http/call";
import { Fields } from "../http/fields";
import { listReply } from "../http/list-reply";
import type { Reply } from "../http/reply";
import type { Route } from "../routing/route";
import { requireNoTarget } from "../load-balancers/require-no-target";
import { findServer } from "../servers/find-server";
import { findRow } from "../shared/find-row";
import { dnsPtrRoute } from "../addresses/dns-ptr-route";
import { isSameIp } from "../addresses/same-ip";
import { rename } from "../shared/rename";
import { requireUnique } from "../shared/require-unique";
import type { World } from "../world";
import { assignPrimaryIpPlan } from "./assign-primary-ip-plan";
import { newPrimaryIp } from "../addresses/new-primary-ip";
import type { PrimaryIpRecord } from "../records/primary-ip-record";
import { primaryIpView } from "./primary-ip-view";
import { readAssignee } from "./read-assignee";
import { readPrimaryIp } from "./read-primary-ip";
import { requireAssignable } from "./require-assignable";
import { requireOff } from "../servers/require-off";
import { refreshStatus } from "../servers/refresh-status";

export const primaryIpRoutes: Route[] = [
  { method: "GET", path: "/primary_ips", handle: list },
  { method: "POST", path: "/primary_ips", handle: create },
  { method: "GET", path: "/primary_ips/:id", handle: (call, world) => shown(find(call, world)) },
  { method: "PUT", path: "/primary_ips/:id", handle: update },
  { method: "DELETE", path: "/primary_ips/:id", handle: remove },
  action("assign", assign),
  action("unassign", unassign),
  action("change_protection", changeProtection),
  dnsPtrRoute(
    "/primary_ips",
    "primary_ip",
    ({ primaryIps }) => primaryIps,
    (_state, ip) => [ip],
  ),
];

type Planner = (call: Call, world: World, ip: PrimaryIpRecord) => ActionPlan | Promise<ActionPlan>;

function action(name: string, planner: Planner): Route {
  return {
    method: "POST",
    path: `/primary_ips/:id/actions/${name}`,
    handle: async (call, world) => {
      const ip = find(call, world);
      world.actions.assertFree([`primary_ip:${ip.id}`]);
      const record = world.actions.start(await planner(call, world, ip), call.actionFault);
      return { status: 201, body: { action: actionView(record) } };
    },
  };
}

function plan(ip: PrimaryIpRecord, command: string, work: () => void): ActionPlan {
  return { command, resources: [{ id: ip.id, type: "primary_ip" }], locks: [`primary_ip:${ip.id}`], work };
}

function find(call: Call, world: World): PrimaryIpRecord {
  return findRow(world.state.primaryIps, call.params["id"], "primary_ip");
}

function shown(ip: PrimaryIpRecord): Reply {
  return { status: 200, body: { primary_ip: primaryIpView(ip) } };
}

function list(call: Call, world: World): Reply {
  const ip = call.query.get("ip");
  const rows = world.state.primaryIps.filter((row) => !ip || isSameIp(row, ip)).map(primaryIpView);
  return listReply(call, "primary_ips", rows, world.options.maxPerPage);
}

async function create(call: Call, world: World): Promise<Reply> {
  const order = await readPrimaryIp(call, world);
  const { server } = order;
  requireUnique(world.state.primaryIps, order.name);
  if (server) requireAssignable(world, order.type, server);
  const ip = newPrimaryIp(world, order.type, order.location, order);
  const started = server && world.actions.start(assignPrimaryIpPlan(world, ip, server), call.actionFault);
  return { status: 201, body: { primary_ip: primaryIpView(ip), ...(started && { action: actionView(started) }) } };
}

function update(call: Call, world: World): Reply {
  const ip = find(call, world);
  world.actions.assertUnchanged("primary_ip", ip.id);
  const fields = new Fields(call.body);
  const autoDelete = fields.boolean("auto_delete");
  if (autoDelete && ip.protection.delete)
    fields.reject("auto_delete", "cannot be enabled while the address is protected");
  rename(fields, world.state.primaryIps, ip);
  ip.autoDelete = autoDelete ?? ip.autoDelete;
  return shown(ip);
}

function remove(call: Call, world: World): Reply {
  const ip = find(call, world);
  if (ip.protection.delete) throw ApiError.isProtected("primary IP");
  world.actions.assertFree([`primary_ip:${ip.id}`]);
  if (ip.assignee !== null) throw new ApiError(422, "must_be_unassigned", "primary IP must be unassigned first");
  world.state.primaryIps = world.state.primaryIps.filter((other) => other !== ip);
  return { status: 204 };
}

async function assign(call: Call, world: World, ip: PrimaryIpRecord): Promise<ActionPlan> {
  const fields = new Fields(call.body);
  fields.require("assignee_id");
  const server = await readAssignee(fields, world);
  if (server && server.location !== ip.location) fields.reject("assignee_id", "the server is in another location");
  fields.check();
  if (ip.assignee !== null) {
    throw new ApiError(422, "primary_ip_already_assigned", "primary IP is already assigned to a server");
  }
  if (server) requireAssignable(world, ip.type, server);
  return assignPrimaryIpPlan(world, ip, server ?? null);
}

async function unassign(_call: Call, world: World, ip: PrimaryIpRecord): Promise<ActionPlan> {
  if (ip.assignee === null) throw new ApiError(422, "primary_ip_not_assigned", "primary IP is not assigned");
  const server = findServer(world, ip.assignee);
  await refreshStatus(world, server);
  world.actions.assertFree([`server:${server.id}`]);
  requireOff(server);
  if (ip.type === "ipv4") requireNoTarget(world, server);
  return assignPrimaryIpPlan(world, ip, null);
}

function changeProtection(call: Call, _world: World, ip: PrimaryIpRecord): ActionPlan {
  const fields = new Fields(call.body);
  fields.require("delete");
  const wanted = fields.boolean("delete") ?? ip.protection.delete;
  if (wanted && ip.autoDelete) fields.reject("delete", "cannot be enabled while auto_delete is");
  fields.check();
  return plan(ip, "change_protection", () => {
    ip.protection = { delete: wanted };
  });
}
