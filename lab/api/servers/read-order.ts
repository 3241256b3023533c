import { isOnLan } from "../../images/host-images";
import { findLocation } from "../catalog/find-location";
import { locations } from "../catalog/locations";
import { serverTypes } from "../catalog/server-types";
import type { ServerType } from "../catalog/server-type";
import type { Call } from "../http/call";
import { Fields } from "../http/fields";
import { imagesNamed } from "../images/all-images";
import type { ImageView } from "../images/image-view";
import { readLabels } from "../shared/read-labels";
import type { World } from "../world";
import { hostName } from "./host-name";
import { readUserData } from "./read-user-data";
import { readPublicNet } from "./read-public-net";
import type { ServerOrder } from "./server-order";

/** Reads and checks `POST /servers`; every problem in one answer. */
export function readOrder(call: Call, world: World): ServerOrder {
  const fields = new Fields(call.body);
  const type = serverType(fields);
  const location = findLocation(fields.reference("location") ?? "fsn1");
  if (!location) fields.reject("location", `unknown; the lab has ${locations.map(({ name }) => name).join(", ")}`);
  fields.boolean("automount");
  if (fields.has("datacenter")) fields.reject("datacenter", "was removed from the API; use location");
  const order = {
    name: hostName(fields),
    type,
    image: image(fields, world, type),
    location,
    sshKeys: sshKeys(fields, world),
    userData: readUserData(fields),
    labels: readLabels(fields) ?? {},
    ...readPublicNet(fields, world),
    ...attachments(fields, world),
    start: fields.boolean("start_after_create") ?? true,
  };
  checkPublic(order, fields);
  fields.check();
  return order as ServerOrder;
}

/** What is switched on needs an address of the provider or a network; a host of the lab's LAN has neither. */
function checkPublic({ ipv4, ipv6, networks, image, start }: Partial<ServerOrder>, fields: Fields): void {
  const isPublic = ipv4 !== "none" || ipv6 !== "none" || networks?.length !== 0;
  const isLan = image !== undefined && isOnLan({ image: image.name });
  if (isLan && isPublic) fields.reject("public_net", "a host of the lab's LAN has no address here; disable both");
  if (isLan || isPublic || !start) return;
  fields.reject("public_net", "a server without any address or network needs start_after_create: false");
}

function serverType(fields: Fields): ServerType | undefined {
  const wanted = fields.reference("server_type");
  const type = serverTypes.find(({ id, name }) => name === wanted || String(id) === wanted);
  if (!type) {
    const known = serverTypes.map(({ name }) => name).join(", ");
    fields.reject(
      "server_type",
      wanted ? `'${wanted}' is unknown; the lab has ${known}` : "missing data for required field",
    );
  }
  return type;
}

function image(fields: Fields, { state }: World, type: ServerType | undefined): ImageView | undefined {
  const wanted = fields.reference("image");
  if (!wanted) {
    fields.reject("image", "missing data for required field");
    return undefined;
  }
  const candidates = imagesNamed(state, wanted);
  const found = candidates.find(({ architecture }) => !type || architecture === type.architecture);
  if (candidates.length === 0) fields.reject("image", `'${wanted}' is unknown`);
  else if (!found) fields.reject("image", `does not have the server type's architecture, ${type?.architecture}`);
  return found;
}

function sshKeys(fields: Fields, world: World): string[] {
  return fields.list("ssh_keys").flatMap((reference) => {
    const key = world.state.sshKeys.find(({ id, name }) => String(id) === String(reference) || name === reference);
    if (!key) fields.reject("ssh_keys", `SSH key '${String(reference)}' not found`);
    return key ? [key.public_key] : [];
  });
}

function attachments(
  fields: Fields,
  world: World,
): Pick<ServerOrder, "placementGroup" | "firewalls" | "networks" | "volumes"> {
  const group = fields.integer("placement_group") ?? null;
  if (group !== null && !world.state.placementGroups.some(({ id }) => id === group)) {
    fields.reject("placement_group", `placement group ${group} not found`);
  }
  const firewalls = fields.objects("firewalls").map(({ firewall }) => firewall);
  return {
    placementGroup: group,
    firewalls: byId(fields, "firewalls", firewalls, world.state.firewalls),
    volumes: byId(fields, "volumes", fields.list("volumes"), world.state.volumes),
    networks: byId(fields, "networks", fields.list("networks"), world.state.networks),
  };
}

function byId<T extends { id: number }>(fields: Fields, name: string, ids: unknown[], rows: T[]): T[] {
  return ids.flatMap((wanted) => {
    const row = rows.find(({ id }) => id === wanted);
    if (!row) fields.reject(name, `${String(wanted)} not found`);
    return row ? [row] : [];
  });
}
