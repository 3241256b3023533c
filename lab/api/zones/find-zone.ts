import { ApiError } from "../http/api-error";
import type { Call } from "../http/call";
import type { World } from "../world";
import type { RrsetRecord, ZoneRecord } from "../records/zone-record";

/** The zone that a path names, by its id or its name. */
export function findZone(call: Call, world: World): ZoneRecord {
  const wanted = call.params["id"] ?? "";
  const zone = world.state.zones.find(({ id, name }) => String(id) === wanted || name === wanted);
  if (!zone) throw ApiError.notFound("zone", wanted);
  return zone;
}

export function findRrset(call: Call, zone: ZoneRecord): RrsetRecord {
  const [name = "", type = ""] = [decodeURIComponent(call.params["name"] ?? ""), call.params["type"]];
  const rrset = zone.rrsets.find((row) => row.name === name && row.type === type);
  if (!rrset) throw ApiError.notFound("rrset", `${name}/${type}`);
  return rrset;
}
