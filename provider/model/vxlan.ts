import type { Family } from "./address";

/** IANA's port of VXLAN, RFC 7348. */
export const vxlanPort = 4789;

/** Bytes around each frame: Ethernet 14, VXLAN 8, UDP 8, and IPv4 20 or IPv6 40; RFC 7348, 5. */
const overheads: Record<Family, number> = { ipv4: 50, ipv6: 70 };

export const overheadOf = (family: Family): number => overheads[family];
