import type { Fields } from "../http/fields";
import { IpRange } from "./ip-range";
import { isPrivate } from "./private-ranges";

/** The smallest network is a /24. */
const LONGEST = 24;

/** The `ip_range` of a network; undefined, with the problem noted, when it cannot be one. */
export function readRange(fields: Fields): IpRange | undefined {
  const text = fields.required("ip_range");
  if (text === "") return undefined;
  const range = IpRange.parse(text);
  if (!range) fields.reject("ip_range", `is not an IPv4 network with its host bits zero: '${text}'`);
  else if (!isPrivate(range)) fields.reject("ip_range", `has to lie within a private range of RFC 1918, got ${text}`);
  else if (range.length > LONGEST) fields.reject("ip_range", `has to be a /${LONGEST} or larger, got ${text}`);
  else return range;
  return undefined;
}
