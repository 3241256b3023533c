import { actionView } from "../actions/action-view";
import { ApiError } from "../http/api-error";
import type { Call } from "../http/call";
import { Fields } from "../http/fields";
import { listReply } from "../http/list-reply";
import type { Reply } from "../http/reply";
import type { Route } from "../routing/route";
import { findRow } from "../shared/find-row";
import { readLabels } from "../shared/read-labels";
import type { World } from "../world";
import { allImages } from "./all-images";
import { findImage } from "./find-image";
import { imageFilter } from "./image-filter";
import { imageView } from "./image-view";

export const imageRoutes: Route[] = [
  {
    method: "GET",
    path: "/images",
    handle: (call, world) => {
      const rows = allImages(world.state).filter(imageFilter(call));
      return listReply(call, "images", rows, world.options.maxPerPage);
    },
  },
  {
    method: "GET",
    path: "/images/:id",
    handle: (call, world) => ({
      status: 200,
      body: { image: findRow(allImages(world.state), call.params["id"], "image") },
    }),
  },
  { method: "PUT", path: "/images/:id", handle: update },
  { method: "DELETE", path: "/images/:id", handle: remove },
  { method: "POST", path: "/images/:id/actions/change_protection", handle: changeProtection },
];

/** A backup that becomes a snapshot is no longer its server's. */
function update(call: Call, world: World): Reply {
  const image = findImage(world, call.params["id"], "updated");
  const fields = new Fields(call.body);
  const type = fields.oneOf("type", ["snapshot"] as const);
  const description = fields.string("description");
  const labels = readLabels(fields);
  fields.check();
  if (type !== undefined) Object.assign(image, { type, boundTo: null });
  image.description = description ?? image.description;
  image.labels = labels ?? image.labels;
  return { status: 200, body: { image: imageView(image) } };
}

function remove(call: Call, world: World): Reply {
  const image = findImage(world, call.params["id"], "deleted");
  if (image.protection.delete) throw ApiError.isProtected("image");
  world.actions.assertFree([`image:${image.id}`]);
  world.state.images = world.state.images.filter((other) => other !== image);
  return { status: 204 };
}

function changeProtection(call: Call, world: World): Reply {
  const image = findImage(world, call.params["id"], "protected");
  const fields = new Fields(call.body);
  const wanted = fields.boolean("delete") ?? image.protection.delete;
  fields.check();
  if (image.type !== "snapshot") throw new ApiError(422, "unsupported_error", "only snapshots can be protected");
  const plan = {
    command: "change_protection",
    resources: [{ id: image.id, type: "image" }],
    locks: [`image:${image.id}`],
    work: () => {
      image.protection = { delete: wanted };
    },
  };
  return { status: 201, body: { action: actionView(world.actions.start(plan, call.actionFault)) } };
}
