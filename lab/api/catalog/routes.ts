import { ApiError } from "../http/api-error";
import type { Call } from "../http/call";
import { listReply } from "../http/list-reply";
import type { Reply } from "../http/reply";
import type { Route } from "../http/route";
import { images } from "./images";
import { loadBalancerTypes } from "./load-balancer-types";
import { locations } from "./locations";
import { serverTypes } from "./server-types";
import { findRow } from "../shared/find-row";

export const catalogRoutes: Route[] = [
  ...readOnly("locations", "location", locations),
  ...readOnly("load_balancer_types", "load_balancer_type", loadBalancerTypes),
  ...readOnly("server_types", "server_type", serverTypes),
  ...readOnly("images", "image", images, imageFilter),
  { method: "GET", path: "/datacenters", handle: datacenters },
  { method: "GET", path: "/datacenters/:id", handle: datacenters },
];

function readOnly<T extends { id: number; name: string }>(
  plural: string,
  singular: string,
  rows: T[],
  keep: (call: Call) => (row: T) => boolean = () => () => true,
): Route[] {
  return [
    {
      method: "GET",
      path: `/${plural}`,
      handle: (call, world): Reply => listReply(call, plural, rows.filter(keep(call)), world.options.maxPerPage),
    },
    {
      method: "GET",
      path: `/${plural}/:id`,
      handle: (call): Reply => ({ status: 200, body: { [singular]: findRow(rows, call.params["id"], singular) } }),
    },
  ];
}

/** Deprecated ones are listed on request only. */
function imageFilter(call: Call): (image: (typeof images)[number]) => boolean {
  const architectures = call.query.getAll("architecture");
  const types = call.query.getAll("type");
  const deprecated = call.query.get("include_deprecated") === "true";
  return (image) =>
    (deprecated || image.deprecated === null) &&
    (architectures.length === 0 || architectures.includes(image.architecture)) &&
    (types.length === 0 || types.includes(image.type));
}

function datacenters(): never {
  const announcement = "https://docs.hetzner.cloud/changelog";
  throw new ApiError(410, "deprecated_api_endpoint", "datacenters are gone; use locations", { announcement });
}
