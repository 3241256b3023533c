import { actionView } from "../actions/action-view";
import { ApiError } from "../http/api-error";
import type { Call } from "../http/call";
import { Fields } from "../http/fields";
import type { Reply } from "../http/reply";
import { findServer } from "./find-server";
import { refreshStatus } from "./refresh-status";
import { serverLock } from "./server-lock";
import { serverPlan } from "./server-plan";
import type { ServerRecord } from "../records/server-record";
import { readLabels } from "../shared/read-labels";
import type { World } from "../world";
import type { ImageRecord } from "../records/image-record";
import { imageView } from "../images/image-view";

/** `POST /servers/ID/actions/create_image`. */
export async function createImage(call: Call, world: World): Promise<Reply> {
  const server = findServer(world, call.params["id"]);
  await refreshStatus(world, server);
  world.actions.assertFree([serverLock(server.id)]);
  const image = register(call, world, server);
  const plan = serverPlan(world, server, {
    command: "create_image",
    resources: [
      { id: server.id, type: "server" },
      { id: image.id, type: "image" },
    ],
    locks: [serverLock(server.id), `image:${image.id}`],
    work: () => {
      image.status = "available";
    },
    failed: () => {
      image.status = "unavailable";
    },
  });
  const action = world.actions.start(plan, call.actionFault);
  return { status: 201, body: { image: imageView(image), action: actionView(action) } };
}

function register(call: Call, world: World, server: ServerRecord): ImageRecord {
  const fields = new Fields(call.body);
  const type = fields.oneOf("type", ["snapshot", "backup"] as const) ?? "snapshot";
  const description = fields.string("description");
  const labels = readLabels(fields) ?? {};
  fields.check();
  if (type === "backup" && server.backupWindow === null) {
    throw ApiError.invalid("type", "backups are not enabled for this server");
  }
  const created = world.now();
  const image: ImageRecord = {
    id: world.store.newId(),
    type,
    status: "creating",
    description: description || `${type} of ${server.name}, ${created}`,
    diskSize: server.primaryDiskSize,
    createdFrom: { id: server.id, name: server.name },
    boundTo: type === "backup" ? server.id : null,
    base: server.image,
    protection: { delete: false },
    labels,
    created,
  };
  world.state.images.push(image);
  return image;
}
