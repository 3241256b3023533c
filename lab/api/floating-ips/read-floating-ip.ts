import { findLocation } from "../catalog/find-location";
import type { Call } from "../http/call";
import { Fields } from "../http/fields";
import type { ServerRecord } from "../records/server-record";
import { NAME } from "../shared/name-length";
import { readLabels } from "../shared/read-labels";
import type { World } from "../world";
import type { FloatingIpOrder } from "./floating-ip-order";

const NEEDED = "has to name a location when there is no server";

/** Reads and checks `POST /floating_ips`. */
export function readFloatingIp(call: Call, world: World): FloatingIpOrder {
  const fields = new Fields(call.body);
  fields.require("type");
  const server = fields.has("server") ? readServer(fields, world) : undefined;
  const order = {
    type: fields.oneOf("type", ["ipv4", "ipv6"] as const),
    name: fields.string("name", { max: NAME }) ?? "",
    description: fields.string("description") ?? "",
    labels: readLabels(fields) ?? {},
    location: homeLocation(fields, server),
    server,
  };
  fields.check();
  return order as FloatingIpOrder;
}

function homeLocation(fields: Fields, server: ServerRecord | undefined): number | undefined {
  const home = fields.reference("home_location");
  const found = home === undefined ? server?.location : findLocation(home)?.id;
  if (found === undefined) fields.reject("home_location", home === undefined ? NEEDED : `'${home}' is unknown`);
  return found;
}

function readServer(fields: Fields, world: World): ServerRecord | undefined {
  const id = fields.integer("server");
  const server = world.state.servers.find((candidate) => candidate.id === id);
  if (!server) fields.reject("server", `server ${id ?? ""} not found`);
  return server;
}
