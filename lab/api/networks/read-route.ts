import { Fields } from "../http/fields";
import { IpRange } from "./ip-range";
import type { NetworkRecord } from "./network-record";

/** A route of a network, or what is wrong with it. */
export function readRoute(body: Record<string, unknown>, range: string): NetworkRecord["routes"][number] | string {
  const fields = new Fields(body);
  const destination = fields.string("destination") ?? "";
  const gateway = fields.string("gateway") ?? "";
  const whole = IpRange.parse(range);
  const n = IpRange.number(gateway);
  if (!IpRange.parse(destination)) return `destination is not an IPv4 network: '${destination}'`;
  if (!whole || n === undefined || n <= whole.first + 1 || n >= whole.last) {
    return `gateway '${gateway}' has to be an address within ${range}, not its first`;
  }
  return { destination, gateway };
}
