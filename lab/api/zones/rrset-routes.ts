import { actionView } from "../actions/action-view";
import { ApiError } from "../http/api-error";
import type { Call } from "../http/call";
import { Fields } from "../http/fields";
import { paginate } from "../http/pagination";
import type { Reply } from "../http/reply";
import type { Route } from "../routing/route";
import { matchesSelector } from "../http/label-selector";
import { readLabels } from "../shared/read-labels";
import type { World } from "../world";
import { findRrset, findZone } from "./find-zone";
import { readRecords, readRrset, readTtl, requireNoAlias } from "./read-rrset";
import { changed, startOnZone } from "./zone-action";
import type { RecordOfZone, RrsetRecord, ZoneRecord } from "../records/zone-record";
import { rrsetView } from "./zone-view";

const ONE = "/zones/:id/rrsets/:name/:type";

/** Changes one rrset by the records of the request. */
type Change = (rrset: RrsetRecord, records: RecordOfZone[]) => void;

const recordChanges: Record<string, Change> = {
  set_records: (rrset, records) => {
    rrset.records = records;
  },
  add_records: (rrset, records) => {
    rrset.records = [...rrset.records, ...records];
  },
  remove_records: (rrset, records) => {
    rrset.records = rrset.records.filter(({ value }) => !records.some((other) => other.value === value));
  },
  update_records: (rrset, records) => {
    rrset.records = rrset.records.map((record) => records.find(({ value }) => value === record.value) ?? record);
  },
};

export const rrsetRoutes: Route[] = [
  { method: "GET", path: "/zones/:id/rrsets", handle: list },
  { method: "POST", path: "/zones/:id/rrsets", handle: create },
  { method: "GET", path: ONE, handle: (call, world) => shown(findZone(call, world), call) },
  { method: "PUT", path: ONE, handle: update },
  { method: "DELETE", path: ONE, handle: remove },
  { method: "POST", path: `${ONE}/actions/change_ttl`, handle: changeTtl },
  { method: "POST", path: `${ONE}/actions/change_protection`, handle: changeProtection },
  ...Object.entries(recordChanges).map(([name, change]): Route => ({
    method: "POST",
    path: `${ONE}/actions/${name}`,
    handle: (call, world) => changeRecords(call, world, name, change),
  })),
];

function shown(zone: ZoneRecord, call: Call): Reply {
  return { status: 200, body: { rrset: rrsetView(zone, findRrset(call, zone)) } };
}

function list(call: Call, world: World): Reply {
  const zone = findZone(call, world);
  const [name, types] = [call.query.get("name"), call.query.getAll("type")];
  const matches = matchesSelector(call.query.get("label_selector") ?? "") ?? (() => true);
  const rows = zone.rrsets.filter(
    (row) => (!name || row.name === name) && (types.length === 0 || types.includes(row.type)) && matches(row.labels),
  );
  const page = paginate(rows, call.query, Math.max(100, world.options.maxPerPage));
  return { status: 200, body: { rrsets: page.rows.map((row) => rrsetView(zone, row)), meta: page.meta } };
}

function create(call: Call, world: World): Reply {
  const zone = findZone(call, world);
  const fields = new Fields(call.body);
  const rrset = readRrset(fields, zone.name);
  fields.check();
  if (zone.rrsets.some(({ name, type }) => name === rrset.name && type === rrset.type))
    throw ApiError.notUnique("name");
  requireNoAlias(zone.rrsets, rrset);
  zone.rrsets.push(rrset);
  const action = startOnZone(call, world, zone, "create_rrset");
  return { status: 201, body: { rrset: rrsetView(zone, rrset), action: actionView(action) } };
}

function update(call: Call, world: World): Reply {
  const zone = findZone(call, world);
  const rrset = findRrset(call, zone);
  const fields = new Fields(call.body);
  const labels = readLabels(fields);
  fields.check();
  rrset.labels = labels ?? rrset.labels;
  return shown(zone, call);
}

function free(call: Call, zone: ZoneRecord): RrsetRecord {
  const rrset = findRrset(call, zone);
  if (rrset.protection.change) throw new ApiError(403, "protected", "rrset is protected from changes");
  return rrset;
}

function remove(call: Call, world: World): Reply {
  const zone = findZone(call, world);
  const rrset = free(call, zone);
  zone.rrsets = zone.rrsets.filter((other) => other !== rrset);
  return changed(call, world, zone, "delete_rrset");
}

function changeTtl(call: Call, world: World): Reply {
  const zone = findZone(call, world);
  const rrset = free(call, zone);
  const fields = new Fields(call.body);
  if (!("ttl" in call.body)) fields.require("ttl");
  const ttl = readTtl(fields) ?? null;
  fields.check();
  rrset.ttl = ttl;
  return changed(call, world, zone, "change_rrset_ttl");
}

function changeProtection(call: Call, world: World): Reply {
  const zone = findZone(call, world);
  const rrset = findRrset(call, zone);
  const fields = new Fields(call.body);
  fields.require("change");
  const change = fields.boolean("change") ?? false;
  fields.check();
  rrset.protection = { change };
  return changed(call, world, zone, "change_rrset_protection");
}

/** `add_records` makes the rrset if need be, `remove_records` takes an empty one away. */
function changeRecords(call: Call, world: World, name: string, change: Change): Reply {
  const zone = findZone(call, world);
  const fields = new Fields(call.body);
  const records = readRecords(fields, call.params["type"] ?? "");
  const ttl = readTtl(fields) ?? null;
  fields.check();
  if (name === "add_records") addRrset(call, zone, ttl);
  const rrset = free(call, zone);
  if (name === "add_records" && ttl !== null && ttl !== rrset.ttl)
    throw ApiError.invalid("ttl", `has to be the rrset's own, ${rrset.ttl ?? "the zone's default"}, got ${ttl}`);
  const twice = records.find(({ value }) => rrset.records.some((other) => other.value === value));
  if (name === "add_records" && twice) throw ApiError.notUnique("records", `'${twice.value}' is in the rrset already`);
  change(rrset, records);
  zone.rrsets = zone.rrsets.filter((row) => row.records.length > 0);
  return changed(call, world, zone, `${name.slice(0, name.indexOf("_"))}_rrset_records`);
}

function addRrset(call: Call, zone: ZoneRecord, ttl: number | null): void {
  const [name, type] = [decodeURIComponent(call.params["name"] ?? ""), call.params["type"] ?? ""];
  if (zone.rrsets.some((row) => row.name === name && row.type === type)) return;
  const fields = new Fields({ name, type, records: call.body["records"] });
  const rrset = readRrset(fields, zone.name);
  fields.check();
  requireNoAlias(zone.rrsets, rrset);
  zone.rrsets.push({ ...rrset, ttl, records: [] });
}
