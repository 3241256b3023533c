import type { ActionPlan } from "../actions/action-plan";
import { ApiError } from "../http/api-error";
import type { Call } from "../http/call";
import { Fields } from "../http/fields";
import { requireRoom } from "../placement-groups/require-room";
import { readReference } from "../shared/read-reference";
import type { World } from "../world";
import { requireOff } from "./require-off";
import { serverPlan } from "./server-plan";
import type { ServerRecord } from "../records/server-record";

type Planner = (call: Call, world: World, server: ServerRecord) => ActionPlan;

/** Placement groups are state only: all servers run on one machine here. */
export const placementRoute: Record<"add_to_placement_group" | "remove_from_placement_group", Planner> = {
  add_to_placement_group: (call, world, server) => {
    const group = readReference(new Fields(call.body), "placement_group", world.state.placementGroups);
    if (server.placementGroup !== null) {
      throw ApiError.invalid("placement_group", `the server is in placement group ${server.placementGroup} already`);
    }
    requireOff(server);
    requireRoom(world.state, group.id);
    return plan(world, server, "add_to_placement_group", group.id, group.id);
  },
  remove_from_placement_group: (_call, world, server) => {
    const group = server.placementGroup;
    if (group === null) throw new ApiError(422, "invalid_input", "the server is in no placement group", { fields: [] });
    return plan(world, server, "remove_from_placement_group", group, null);
  },
};

function plan(world: World, server: ServerRecord, command: string, group: number, then: number | null): ActionPlan {
  const resources = [
    { id: server.id, type: "server" },
    { id: group, type: "placement_group" },
  ];
  return serverPlan(world, server, {
    command,
    resources,
    work: () => {
      server.placementGroup = then;
    },
  });
}
