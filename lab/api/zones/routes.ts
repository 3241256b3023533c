import { actionView } from "../actions/action-view";
import { ApiError } from "../http/api-error";
import type { Call } from "../http/call";
import { Fields } from "../http/fields";
import { listReply } from "../http/list-reply";
import type { Reply } from "../http/reply";
import type { Route } from "../routing/route";
import { readLabels } from "../shared/read-labels";
import { requireUnique } from "../shared/require-unique";
import type { World } from "../world";
import { findZone } from "./find-zone";
import { readRrset, readTtl } from "./read-rrset";
import { changed, startOnZone } from "./zone-action";
import type { RrsetRecord, ZoneRecord } from "../records/zone-record";
import { NAMESERVERS, zoneView } from "./zone-view";

const NAME = /^(?=.{1,255}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+$/;
const DEFAULT_TTL = 3600;

/** Zones of the API's state, from which the lab's name servers answer (lab/dns). */
export const zoneRoutes: Route[] = [
  {
    method: "GET",
    path: "/zones",
    handle: (call, world) => listReply(call, "zones", world.state.zones.map(zoneView), world.options.maxPerPage),
  },
  { method: "POST", path: "/zones", handle: create },
  { method: "GET", path: "/zones/:id", handle: (call, world) => shown(findZone(call, world)) },
  { method: "PUT", path: "/zones/:id", handle: update },
  { method: "DELETE", path: "/zones/:id", handle: remove },
  { method: "POST", path: "/zones/:id/actions/change_ttl", handle: changeTtl },
  { method: "POST", path: "/zones/:id/actions/change_protection", handle: changeProtection },
];

function shown(zone: ZoneRecord): Reply {
  return { status: 200, body: { zone: zoneView(zone) } };
}

function create(call: Call, world: World): Reply {
  const fields = new Fields(call.body);
  const name = fields.required("name");
  if (name !== "" && !NAME.test(name))
    fields.reject("name", `is not a domain in lower case without a last dot: '${name}'`);
  fields.require("mode");
  if (fields.oneOf("mode", ["primary", "secondary"] as const) === "secondary") {
    throw ApiError.unsupported("a zone in secondary mode");
  }
  if (fields.string("zonefile") !== undefined) throw ApiError.unsupported("the import of a zone file");
  const ttl = readTtl(fields) ?? DEFAULT_TTL;
  const labels = readLabels(fields) ?? {};
  const rrsets = fields.objects("rrsets").map((entry, index) => {
    const inner = new Fields(entry);
    const rrset = readRrset(inner, name);
    fields.adopt(`rrsets.${index}`, inner);
    return rrset;
  });
  fields.check();
  requireUnique(world.state.zones, name);
  const id = world.store.newId();
  const protection = { delete: false };
  const zone: ZoneRecord = { id, name, mode: "primary", ttl, labels, protection, rrsets: [], created: world.now() };
  zone.rrsets = [...ownRrsets(), ...rrsets];
  world.state.zones.push(zone);
  const action = startOnZone(call, world, zone, "create_zone");
  return { status: 201, body: { zone: zoneView(zone), action: actionView(action) } };
}

function ownRrsets(): RrsetRecord[] {
  const common = { name: "@", labels: {}, protection: { change: false } };
  const soa = `${NAMESERVERS[0]} dns.hetzner.com. 2026010100 86400 10800 3600000 3600`;
  return [
    { ...common, type: "SOA", ttl: null, records: [{ value: soa }] },
    { ...common, type: "NS", ttl: null, records: NAMESERVERS.map((value) => ({ value })) },
  ];
}

function update(call: Call, world: World): Reply {
  const zone = findZone(call, world);
  const fields = new Fields(call.body);
  const labels = readLabels(fields);
  fields.check();
  zone.labels = labels ?? zone.labels;
  return shown(zone);
}

function remove(call: Call, world: World): Reply {
  const zone = findZone(call, world);
  if (zone.protection.delete) throw ApiError.isProtected("zone");
  world.state.zones = world.state.zones.filter((other) => other !== zone);
  return changed(call, world, zone, "delete_zone");
}

function changeTtl(call: Call, world: World): Reply {
  const zone = findZone(call, world);
  const fields = new Fields(call.body);
  fields.require("ttl");
  const ttl = readTtl(fields);
  fields.check();
  zone.ttl = ttl ?? zone.ttl;
  return changed(call, world, zone, "change_zone_ttl");
}

function changeProtection(call: Call, world: World): Reply {
  const zone = findZone(call, world);
  const fields = new Fields(call.body);
  const wanted = fields.boolean("delete");
  fields.check();
  zone.protection = { delete: wanted ?? zone.protection.delete };
  return changed(call, world, zone, "change_zone_protection");
}
