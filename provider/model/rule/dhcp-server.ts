import type { DhcpServerArgs } from "../args";
import { object, optional } from "../read/object";
import { flag, integer } from "../read/scalar";

/** A network of IPv4 has less than 2^24 addresses where it is /8 at its widest. */
const most = 16_777_214;

/** A bridge's DHCP server. */
export const dhcpServer = object<DhcpServerArgs>({
  poolOffset: optional(integer(1, most)),
  poolSize: optional(integer(1, most)),
  defaultLeaseTimeSec: optional(integer(60, 31_536_000)),
  emitDns: optional(flag),
  emitNtp: optional(flag),
  emitTimezone: optional(flag),
});
