import type { Fields } from "../http/fields";
import { IpRange } from "./ip-range";
import type { Place } from "./join-network";

/** `ip` and `ip_range` of a request to join a network. */
export function readPlace(fields: Fields): Place {
  const place = { ip: fields.string("ip"), ipRange: fields.string("ip_range") };
  for (const [name, problem] of problems(place)) fields.reject(name, problem);
  return place;
}

function* problems({ ip, ipRange }: Place): Generator<[string, string]> {
  const n = IpRange.number(ip ?? "");
  const range = IpRange.parse(ipRange ?? "");
  if (ip !== undefined && n === undefined) yield ["ip", `is not an IPv4 address: '${ip}'`];
  if (ipRange !== undefined && !range) yield ["ip_range", `is not an IPv4 network: '${ipRange}'`];
  if (n !== undefined && range?.includes(n) === false) yield ["ip", `${ip} is not part of ip_range ${ipRange}`];
}
