import { networkZones } from "../catalog/locations";
import { Fields } from "../http/fields";
import { IpRange } from "./ip-range";
import type { NetworkRecord } from "../records/network-record";

type Subnet = NetworkRecord["subnets"][number];
type Space = Pick<NetworkRecord, "ip_range" | "subnets" | "routes">;

/** Size of a subnet when none was asked for, and of the smallest. */
const DEFAULT_LENGTH = 24;
const LONGEST = 30;

/** A subnet of a network; what is wrong with it is noted. */
export function readSubnet(body: Record<string, unknown>, network: Space): { subnet: Subnet; fields: Fields } {
  const fields = new Fields(body);
  fields.require("type", "network_zone");
  const type = fields.oneOf("type", ["cloud", "server", "vswitch"] as const);
  const zone = fields.oneOf("network_zone", networkZones) ?? "";
  const vswitch = fields.integer("vswitch_id", { min: 1 });
  if (type === "vswitch") fields.require("vswitch_id");
  else if (vswitch !== undefined) fields.reject("vswitch_id", "is for subnets of type vswitch only");
  const range = fields.string("ip_range") ?? firstGap(network);
  const problem = rangeProblem(range, network);
  if (problem) fields.reject("ip_range", problem);
  // The type "server" is the old name.
  const kind = type === "vswitch" ? type : "cloud";
  return { subnet: { type: kind, ip_range: range, network_zone: zone, vswitch_id: vswitch ?? null }, fields };
}

function rangeProblem(text: string, network: Space): string | undefined {
  const range = IpRange.parse(text);
  if (text === "") return `${network.ip_range} has no room for another /${DEFAULT_LENGTH}`;
  if (!range) return `is not an IPv4 network with its host bits zero: '${text}'`;
  if (!IpRange.parse(network.ip_range)?.holds(range)) return `has to lie within ${network.ip_range}, got ${text}`;
  if (range.length > LONGEST) return `has to be a /${LONGEST} or larger, got ${text}`;
  const other = obstacle(range, network);
  return other && `${text} overlaps with ${other}`;
}

function obstacle(range: IpRange, { subnets, routes }: Space): string | undefined {
  const subnet = subnets.find(({ ip_range }) => IpRange.parse(ip_range)?.overlaps(range));
  if (subnet) return `the subnet ${subnet.ip_range}`;
  const route = routes.find(({ destination }) => {
    const other = IpRange.parse(destination);
    return other && other.length > 0 && other.overlaps(range);
  });
  return route && `the route to ${route.destination}`;
}

/** Empty when there is none. */
function firstGap(network: Space): string {
  const whole = IpRange.parse(network.ip_range);
  const step = 2 ** (32 - DEFAULT_LENGTH);
  for (let first = whole?.first ?? 0; first + step - 1 <= (whole?.last ?? 0); first += step) {
    const text = `${IpRange.text(first)}/${DEFAULT_LENGTH}`;
    const range = IpRange.parse(text);
    if (range && !obstacle(range, network)) return text;
  }
  return "";
}
