import { Fields } from "../http/fields";
import { IpRange } from "./ip-range";
import type { NetworkRecord } from "../records/network-record";
import { isPrivate } from "./private-ranges";
import { ROUTER, ROUTER_IP } from "./reserved";

type Route = NetworkRecord["routes"][number];
type Space = Pick<NetworkRecord, "ip_range" | "subnets" | "routes">;

/** A route of a network; what is wrong with it is noted. */
export function readRoute(body: Record<string, unknown>, network: Space): { route: Route; fields: Fields } {
  const fields = new Fields(body);
  const route = { destination: fields.required("destination"), gateway: fields.required("gateway") };
  const destination = route.destination && destinationProblem(route.destination, network);
  const gateway = route.gateway && gatewayProblem(route.gateway, network);
  if (destination) fields.reject("destination", destination);
  if (gateway) fields.reject("gateway", gateway);
  return { route, fields };
}

function destinationProblem(text: string, { subnets, routes }: Space): string | undefined {
  const range = IpRange.parse(text);
  if (!range) return `is not an IPv4 network with its host bits zero: '${text}'`;
  const same = routes.find(({ destination }) => IpRange.isSame(destination, text));
  if (same) return `${text} has a route already`;
  // The default route may lie over everything.
  if (range.length === 0) return undefined;
  if (!isPrivate(range)) return `has to be 0.0.0.0/0 or lie within a private range of RFC 1918, got ${text}`;
  if (ROUTER !== undefined && range.includes(ROUTER)) return `must not hold ${ROUTER_IP}`;
  const subnet = subnets.find(({ ip_range }) => IpRange.parse(ip_range)?.overlaps(range));
  if (subnet) return `${text} overlaps with the subnet ${subnet.ip_range}`;
  const other = routes.find(({ destination }) => isNarrow(destination) && IpRange.parse(destination)?.overlaps(range));
  return other && `${text} overlaps with the route to ${other.destination}`;
}

function isNarrow(text: string): boolean {
  return IpRange.parse(text)?.length !== 0;
}

function gatewayProblem(text: string, { ip_range, subnets }: Space): string | undefined {
  const whole = IpRange.parse(ip_range);
  const n = IpRange.number(text);
  if (n === undefined) return `is not an IPv4 address: '${text}'`;
  if (n === ROUTER) return `must not be ${ROUTER_IP}`;
  if (!whole || n <= whole.first + 1 || n >= whole.last) {
    return `'${text}' has to be an address within ${ip_range}, not its first`;
  }
  const behind = subnets.find(({ type, ip_range: range }) => type === "vswitch" && IpRange.parse(range)?.includes(n));
  return behind && `${text} lies behind the vSwitch of ${behind.ip_range}`;
}
