import { Fields } from "../http/fields";
import { IpRange } from "./ip-range";
import type { NetworkRecord } from "./network-record";

type Subnet = NetworkRecord["subnets"][number];
type Space = Pick<NetworkRecord, "ip_range" | "subnets">;

/** Size of a subnet when none was asked for. */
const DEFAULT_LENGTH = 24;

/** A subnet that fits into the network, or what is wrong with it. */
export function readSubnet(body: Record<string, unknown>, network: Space): Subnet | string {
  const fields = new Fields(body);
  const type = fields.oneOf("type", ["cloud", "server", "vswitch"] as const);
  const zone = fields.string("network_zone");
  if (!type || !zone) return "type (cloud, server or vswitch) and network_zone are required";
  const whole = IpRange.parse(network.ip_range);
  const text = fields.string("ip_range") ?? (whole ? firstGap(whole, network) : "");
  const range = IpRange.parse(text);
  if (!range || !whole?.holds(range)) return `ip_range has to lie within ${network.ip_range}`;
  if (overlaps(range, network)) return `ip_range ${text} overlaps with another subnet`;
  // The type "server" is the old name.
  return { type: type === "vswitch" ? type : "cloud", ip_range: text, network_zone: zone };
}

function overlaps(range: IpRange, network: Space): boolean {
  return network.subnets.some((other) => IpRange.parse(other.ip_range)?.overlaps(range));
}

/** Empty when there is none. */
function firstGap(whole: IpRange, network: Space): string {
  const length = Math.max(DEFAULT_LENGTH, whole.length);
  const step = 2 ** (32 - length);
  for (let first = whole.first; first + step - 1 <= whole.last; first += step) {
    const text = `${IpRange.text(first)}/${length}`;
    const range = IpRange.parse(text);
    if (range && !overlaps(range, network)) return text;
  }
  return "";
}
