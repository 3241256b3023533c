import { Address4, Address6 } from "ip-address";
import { canonicalAddress, isIpv6 } from "./address";

const private4 = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"];
const private6 = "fc00::/7";

/** Whether a text is an address of a private network: RFC 1918, RFC 6598, RFC 4193. */
export function isPrivateAddress(address: string): boolean {
  if (canonicalAddress(address) === undefined) return false;
  if (isIpv6(address)) return new Address6(address).isInSubnet(new Address6(private6));
  return private4.some((range) => new Address4(address).isInSubnet(new Address4(range)));
}

/** The whole range of private addresses that an IPv4 address is in. */
export const privateRangeOf = (address: string): string | undefined =>
  private4.find((range) => new Address4(address).isInSubnet(new Address4(range)));
