import type { DnsPtrRecord } from "./dns-ptr-record";

/** What primary and floating IPs have in common. IPv4 bare, IPv6 as a /64. */
export interface PublicIp {
  type: "ipv4" | "ipv6";
  ip: string;
  dnsPtr: DnsPtrRecord[];
}
