import { ApiError } from "../http/api-error";
import type { Call } from "../http/call";
import { Fields } from "../http/fields";
import { listReply } from "../http/list-reply";
import type { Reply } from "../http/reply";
import type { Route } from "../routing/route";
import { findRow } from "../shared/find-row";
import { NAME } from "../shared/name-length";
import { readLabels } from "../shared/read-labels";
import { rename } from "../shared/rename";
import { requireUnique } from "../shared/require-unique";
import type { World } from "../world";
import type { PlacementGroupRecord } from "../records/placement-group-record";
import { placementGroupView } from "./placement-group-view";

export const placementGroupRoutes: Route[] = [
  {
    method: "GET",
    path: "/placement_groups",
    handle: (call, world) => {
      const types = call.query.getAll("type");
      const kept = world.state.placementGroups.filter(({ type }) => types.length === 0 || types.includes(type));
      const rows = kept.map((group) => placementGroupView(world, group));
      return listReply(call, "placement_groups", rows, world.options.maxPerPage);
    },
  },
  { method: "POST", path: "/placement_groups", handle: create },
  { method: "GET", path: "/placement_groups/:id", handle: (call, world) => shown(world, find(call, world)) },
  { method: "PUT", path: "/placement_groups/:id", handle: update },
  { method: "DELETE", path: "/placement_groups/:id", handle: remove },
];

function find(call: Call, world: World): PlacementGroupRecord {
  return findRow(world.state.placementGroups, call.params["id"], "placement_group");
}

function shown(world: World, group: PlacementGroupRecord): Reply {
  return { status: 200, body: { placement_group: placementGroupView(world, group) } };
}

function create(call: Call, world: World): Reply {
  const fields = new Fields(call.body);
  const name = fields.required("name", { max: NAME });
  fields.require("type");
  fields.oneOf("type", ["spread"] as const);
  const labels = readLabels(fields) ?? {};
  fields.check();
  requireUnique(world.state.placementGroups, name);
  const id = world.store.newId();
  const group: PlacementGroupRecord = { id, name, type: "spread", labels, created: world.now() };
  world.state.placementGroups.push(group);
  return { status: 201, body: { placement_group: placementGroupView(world, group), action: null } };
}

function update(call: Call, world: World): Reply {
  const group = find(call, world);
  world.actions.assertUnchanged("placement_group", group.id);
  rename(new Fields(call.body), world.state.placementGroups, group);
  return shown(world, group);
}

function remove(call: Call, world: World): Reply {
  const group = find(call, world);
  if (world.state.servers.some((server) => server.placementGroup === group.id)) {
    throw new ApiError(422, "resource_in_use", "placement group has servers");
  }
  world.state.placementGroups = world.state.placementGroups.filter((other) => other !== group);
  return { status: 204 };
}
