import type { DnsPtrRecord } from "../records/dns-ptr-record";
import type { PublicIp } from "../records/public-ip";

/** IPv4 always has an entry, a default one if need be; IPv6 only those that were set. */
export function dnsPtrView(address: PublicIp): DnsPtrRecord[] {
  if (address.type === "ipv6" || address.dnsPtr.length > 0) return address.dnsPtr;
  const reversed = address.ip.split(".").reverse().join(".");
  return [{ ip: address.ip, dns_ptr: `static.${reversed}.clients.your-server.de` }];
}
