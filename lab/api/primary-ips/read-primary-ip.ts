import { findLocation } from "../catalog/find-location";
import type { Call } from "../http/call";
import { Fields } from "../http/fields";
import type { ServerRecord } from "../records/server-record";
import { NAME } from "../shared/name-length";
import { readLabels } from "../shared/read-labels";
import type { World } from "../world";
import { readAssignee } from "./read-assignee";

interface Order {
  type: "ipv4" | "ipv6";
  name: string;
  autoDelete: boolean;
  labels: Record<string, string>;
  location: number;
  server: ServerRecord | undefined;
}

/** Reads and checks `POST /primary_ips`. */
export async function readPrimaryIp(call: Call, world: World): Promise<Order> {
  const fields = new Fields(call.body);
  fields.require("type");
  if (fields.has("datacenter")) fields.reject("datacenter", "was removed from the API; use location");
  const server = await readAssignee(fields, world);
  const order = {
    type: fields.oneOf("type", ["ipv4", "ipv6"] as const),
    name: fields.required("name", { max: NAME }),
    autoDelete: fields.boolean("auto_delete") ?? false,
    labels: readLabels(fields) ?? {},
    location: server?.location ?? findLocation(fields.reference("location"))?.id,
    server,
  };
  if (!order.location) fields.reject("location", "has to name a location when there is no assignee_id");
  if (server && fields.has("location")) fields.reject("location", "cannot stand beside assignee_id");
  fields.check();
  return order as Order;
}
