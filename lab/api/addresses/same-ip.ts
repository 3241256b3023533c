import { Address4, Address6 } from "ip-address";
import type { PublicIp } from "../records/public-ip";

/** Whether a filter's text means this address: IPv6 in any spelling, with or without its prefix, or an address of its /64. */
export function isSameIp({ type, ip }: PublicIp, text: string): boolean {
  if (type === "ipv4") return Address4.isValid(text) && new Address4(text).correctForm() === ip;
  return Address6.isValid(text) && new Address6(text).isInSubnet(new Address6(ip));
}
