import { ApiError } from "./http/api-error";
import type { Call } from "./http/call";
import { listReply } from "./http/list-reply";
import type { Reply } from "./http/reply";
import type { Route } from "./routing/route";
import { isos } from "./catalog/isos";
import { loadBalancerTypes } from "./catalog/load-balancer-types";
import { locations } from "./catalog/locations";
import { pricing } from "./catalog/pricing";
import { serverTypes } from "./catalog/server-types";
import { findRow } from "./shared/find-row";

export const catalogRoutes: Route[] = [
  ...readOnly("locations", "location", locations),
  ...readOnly("load_balancer_types", "load_balancer_type", loadBalancerTypes),
  ...readOnly("server_types", "server_type", serverTypes),
  ...readOnly("isos", "iso", isos, isoFilter),
  { method: "GET", path: "/pricing", handle: () => ({ status: 200, body: { pricing } }) },
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

/** With an architecture, those for any are listed on request only. */
function isoFilter({ query }: Call): (iso: (typeof isos)[number]) => boolean {
  const architectures = query.getAll("architecture");
  const any = query.get("include_architecture_wildcard") === "true";
  return ({ architecture }) =>
    architectures.length === 0 || (architecture === null ? any : architectures.includes(architecture));
}

function datacenters(): never {
  const announcement = "https://docs.hetzner.cloud/changelog";
  throw new ApiError(410, "deprecated_api_endpoint", "datacenters are gone; use locations", { announcement });
}
