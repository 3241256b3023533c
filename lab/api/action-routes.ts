import { ApiError } from "./http/api-error";
import type { Call } from "./http/call";
import { listReply } from "./http/list-reply";
import type { Reply } from "./http/reply";
import type { Route } from "./routing/route";
import type { State } from "./state/state";
import type { World } from "./world";
import { actionView } from "./actions/action-view";
import { findRow } from "./shared/find-row";

const kinds: { path: string; type: string; rows: (state: State) => { id: number }[] }[] = [
  { path: "/servers", type: "server", rows: (state) => state.servers },
  { path: "/floating_ips", type: "floating_ip", rows: (state) => state.floatingIps },
  { path: "/primary_ips", type: "primary_ip", rows: (state) => state.primaryIps },
  { path: "/networks", type: "network", rows: (state) => state.networks },
  { path: "/volumes", type: "volume", rows: (state) => state.volumes },
  { path: "/certificates", type: "certificate", rows: (state) => state.certificates },
  { path: "/zones", type: "zone", rows: (state) => state.zones },
  { path: "/load_balancers", type: "load_balancer", rows: (state) => state.loadBalancers },
  { path: "/images", type: "image", rows: (state) => state.images },
  { path: "/firewalls", type: "firewall", rows: (state) => state.firewalls },
];

export const actionRoutes: Route[] = [
  {
    method: "GET",
    path: "/actions",
    handle: (call, world) => {
      // Listing all of them was taken away in January 2025.
      if (!call.query.has("id")) throw ApiError.invalid("id", "missing data for required field");
      return list(call, world);
    },
  },
  { method: "GET", path: "/actions/:action", handle: one },
  ...kinds.flatMap(({ path, type, rows }): Route[] => [
    { method: "GET", path: `${path}/actions`, handle: (call, world) => list(call, world, type) },
    { method: "GET", path: `${path}/actions/:action`, handle: one },
    {
      method: "GET",
      path: `${path}/:id/actions`,
      handle: (call, world) => list(call, world, type, findRow(rows(world.state), call.params["id"], type).id),
    },
    { method: "GET", path: `${path}/:id/actions/:action`, handle: one },
  ]),
];

function one(call: Call, world: World): Reply {
  return { status: 200, body: { action: actionView(findRow(world.state.actions, call.params["action"], "action")) } };
}

function list(call: Call, world: World, type?: string, resource?: number): Reply {
  const ids = call.query.getAll("id");
  const rows = world.state.actions
    .filter((action) => ids.length === 0 || ids.includes(String(action.id)))
    .filter(({ resources }) => !type || resources.some((r) => r.type === type && (!resource || r.id === resource)))
    .map(actionView);
  return listReply(call, "actions", rows, world.options.maxPerPage);
}
