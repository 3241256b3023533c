import type { Location } from "../catalog/location";
import { Fields } from "../http/fields";
import type { PrimaryIpRecord } from "../primary-ips/primary-ip-record";
import type { World } from "../world";
import type { ServerOrder } from "./server-order";

type Choice = ServerOrder["ipv4"];

/** `public_net` of `POST /servers`; without it both families are on, with new addresses. */
export function readPublicNet(
  fields: Fields,
  world: World,
  location: Location | undefined,
): { ipv4: Choice; ipv6: Choice } {
  const inner = new Fields(fields.object("public_net"));
  const choose = (family: "ipv4" | "ipv6"): Choice => {
    const wanted = inner.integer(family);
    const enabled = inner.boolean(`enable_${family}`) ?? true;
    if (wanted === undefined) return enabled ? "new" : "none";
    const found = world.state.primaryIps.find((ip) => ip.id === wanted && ip.type === family);
    const obstacle = enabled ? problem(found, location) : `enable_${family} is false`;
    if (obstacle) fields.reject(`public_net.${family}`, `cannot use primary IP ${wanted}: ${obstacle}`);
    return found ?? "none";
  };
  return { ipv4: choose("ipv4"), ipv6: choose("ipv6") };
}

function problem(found: PrimaryIpRecord | undefined, location: Location | undefined): string | undefined {
  if (!found) return "there is none of this type";
  if (found.assignee !== null) return "it is already assigned";
  return found.location === location?.id ? undefined : "it is in another location";
}
