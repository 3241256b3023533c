import type { World } from "../world";
import type { ServerRecord } from "../records/server-record";
import { findRow } from "../shared/find-row";

export function findServer(world: World, id: string | number | undefined): ServerRecord {
  return findRow(world.state.servers, id, "server");
}
