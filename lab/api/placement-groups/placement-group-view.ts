import type { World } from "../world";
import type { PlacementGroupRecord } from "../records/placement-group-record";

/** A placement group as the API shows it. */
export function placementGroupView(
  world: World,
  group: PlacementGroupRecord,
): PlacementGroupRecord & { servers: number[] } {
  const members = world.state.servers.filter((server) => server.placementGroup === group.id);
  return { ...group, servers: members.map(({ id }) => id) };
}
