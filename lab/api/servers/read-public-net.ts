import { Fields } from "../http/fields";
import type { World } from "../world";
import type { ServerOrder } from "./server-order";

type Choice = ServerOrder["ipv4"];

/** `public_net` of `POST /servers`; without it both families are on, with new addresses. */
export function readPublicNet(fields: Fields, world: World): { ipv4: Choice; ipv6: Choice } {
  const inner = new Fields(fields.object("public_net"));
  const choose = (family: "ipv4" | "ipv6"): Choice => {
    const wanted = inner.integer(family);
    const enabled = inner.boolean(`enable_${family}`) ?? true;
    if (wanted === undefined) return enabled ? "new" : "none";
    const found = world.state.primaryIps.find((ip) => ip.id === wanted);
    if (!found) inner.reject(family, `primary IP ${wanted} not found`);
    else if (!enabled) inner.reject(family, `cannot be given, for enable_${family} is false`);
    return found ?? "none";
  };
  const choice = { ipv4: choose("ipv4"), ipv6: choose("ipv6") };
  fields.adopt("public_net", inner);
  return choice;
}
