import type { PublicIp } from "../records/public-ip";

/** The address as the backend routes it: IPv4 as /32, IPv6 as its /64. */
export function publicPrefix(address: PublicIp): string {
  return address.type === "ipv4" ? `${address.ip}/32` : address.ip;
}
