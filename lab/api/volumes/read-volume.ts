import { findLocation } from "../catalog/find-location";
import type { Call } from "../http/call";
import { Fields } from "../http/fields";
import type { ServerRecord } from "../records/server-record";
import { readLabels } from "../shared/read-labels";
import type { World } from "../world";
import type { VolumeRecord } from "../records/volume-record";

/** GB. */
const SMALLEST = 10;
const LARGEST = 10240;
const NAME = /^[A-Za-z0-9]([A-Za-z0-9._-]{0,62}[A-Za-z0-9])?$/;

export type VolumeOrder = Pick<VolumeRecord, "name" | "size" | "location" | "format" | "labels"> & {
  server: ServerRecord | undefined;
};

/** Reads and checks `POST /volumes`. */
export function readVolume(call: Call, world: World): VolumeOrder {
  const fields = new Fields(call.body);
  const name = fields.required("name");
  if (name !== "" && !NAME.test(name)) fields.reject("name", "has to have 1 to 64 letters, digits, '-', '_' and '.'");
  fields.require("size");
  const server = readServer(fields, world);
  const order = {
    name,
    size: fields.integer("size", { min: SMALLEST, max: LARGEST }),
    format: fields.oneOf("format", ["xfs", "ext4"] as const) ?? null,
    labels: readLabels(fields) ?? {},
    location: readLocation(fields, server),
    server,
  };
  if (fields.boolean("automount") && !fields.has("server")) fields.reject("automount", "needs a server");
  fields.check();
  return order as VolumeOrder;
}

function readServer(fields: Fields, world: World): ServerRecord | undefined {
  const id = fields.integer("server");
  const server = world.state.servers.find((candidate) => candidate.id === id);
  if (id !== undefined && !server) fields.reject("server", `server ${id} not found`);
  return server;
}

function readLocation(fields: Fields, server: ServerRecord | undefined): number | undefined {
  const wanted = fields.reference("location");
  if (wanted === undefined) {
    if (!fields.has("server")) fields.reject("location", "is needed when there is no server");
    return server?.location;
  }
  const found = findLocation(wanted)?.id;
  if (found === undefined) fields.reject("location", `'${wanted}' is unknown`);
  else if (server && found !== server.location) fields.reject("location", "is not the server's");
  return found;
}
