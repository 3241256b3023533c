import type { Fields } from "../http/fields";
import { IpRange } from "./ip-range";

/** A list of IPv4 addresses. */
export function readIps(fields: Fields, name: string): string[] {
  return fields.list(name).flatMap((entry) => {
    if (typeof entry === "string" && IpRange.number(entry) !== undefined) return [entry];
    fields.reject(name, `is not an IPv4 address: '${String(entry)}'`);
    return [];
  });
}
