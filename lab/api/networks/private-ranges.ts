import { IpRange } from "./ip-range";

/** RFC 1918. */
const PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"].flatMap((text) => IpRange.parse(text) ?? []);

export const isPrivate = (range: IpRange): boolean => PRIVATE.some((whole) => whole.holds(range));
