import { findLocation } from "../catalog/find-location";
import type { Call } from "../http/call";
import { Fields } from "../http/fields";
import type { ServerRecord } from "../servers/server-record";
import { readLabels } from "../shared/read-labels";
import type { World } from "../world";
import type { FloatingIpOrder } from "./floating-ip-order";

/** Reads and checks `POST /floating_ips`. */
export function readFloatingIp(call: Call, world: World): FloatingIpOrder {
  const fields = new Fields(call.body);
  if (!fields.has("type")) fields.reject("type", "missing data for required field");
  const server = fields.has("server") ? readServer(fields, world) : undefined;
  const order = {
    type: fields.oneOf("type", ["ipv4", "ipv6"] as const),
    name: fields.string("name") ?? "",
    description: fields.string("description") ?? "",
    labels: readLabels(fields) ?? {},
    location: findLocation(fields.reference("home_location"))?.id ?? server?.location,
    server,
  };
  if (!order.location) fields.reject("home_location", "has to name a location when there is no server");
  fields.check();
  return order as FloatingIpOrder;
}

function readServer(fields: Fields, world: World): ServerRecord | undefined {
  const id = fields.integer("server");
  const server = world.state.servers.find((candidate) => candidate.id === id);
  if (!server) fields.reject("server", `server ${id ?? ""} not found`);
  return server;
}
