import type { Fields } from "../http/fields";
import type { NetworkRecord } from "../records/network-record";
import { readRoute } from "./read-route";
import { readSubnet } from "./read-subnet";

type Space = Pick<NetworkRecord, "ip_range" | "subnets" | "routes">;

/** Range, subnets and routes of `POST /networks`, each checked against those before it. Nothing of a bad range: it would make all of them wrong. */
export function readSpace(fields: Fields): Space {
  const [subnets, routes] = [fields.objects("subnets"), fields.objects("routes")];
  fields.check();
  const space: Space = { ip_range: fields.required("ip_range"), subnets: [], routes: [] };
  for (const [index, entry] of subnets.entries()) {
    const { subnet, fields: inner } = readSubnet(entry, space);
    fields.adopt(`subnets.${index}`, inner);
    space.subnets.push(subnet);
  }
  for (const [index, entry] of routes.entries()) {
    const { route, fields: inner } = readRoute(entry, space);
    fields.adopt(`routes.${index}`, inner);
    space.routes.push(route);
  }
  return space;
}
