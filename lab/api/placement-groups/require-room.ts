import { ApiError } from "../http/api-error";
import type { State } from "../state/state";

/** Spread placement groups hold ten servers. */
const GROUP_SIZE = 10;

/** Throws `placement_error` when the group is full. */
export function requireRoom(state: State, group: number): void {
  const members = state.servers.filter((server) => server.placementGroup === group);
  if (members.length < GROUP_SIZE) return;
  throw new ApiError(412, "placement_error", `placement group ${group} holds ${GROUP_SIZE} servers already`);
}
