import { Address4, Address6 } from "ip-address";
import { isIpv6 } from "./address";
import { relativeName, wholeName } from "./dns-name";

/** A name, and its addresses in canonical form. */
export interface NamedAddresses {
  name: string;
  addresses: string[];
}

/** What all records of a text have in common. */
interface Zone {
  domain: string;
  /** Seconds; without it the zone's own default holds. */
  ttl?: number;
}

/** A and AAAA records as lines of a zone file (RFC 1035, section 5), relative to the domain. */
export function zoneFile(names: NamedAddresses[], { domain, ttl }: Zone): string {
  return linesOf(names, ({ name }, address) => [
    relativeName(name, domain),
    ...(ttl === undefined ? [] : [String(ttl)]),
    "IN",
    isIpv6(address) ? "AAAA" : "A",
    address,
  ]);
}

/** PTR records with whole names, because each network is a zone of its own (RFC 1035, section 3.5; RFC 3596, section 2.5). */
export function reverseZoneFile(names: NamedAddresses[], { domain, ttl }: Zone): string {
  return linesOf(names, ({ name }, address) => [
    reverseName(address),
    ...(ttl === undefined ? [] : [String(ttl)]),
    "IN",
    "PTR",
    `${wholeName(name, domain)}.`,
  ]);
}

function linesOf(names: NamedAddresses[], line: (named: NamedAddresses, address: string) => string[]): string {
  const lines = names.flatMap((named) => named.addresses.map((address) => line(named, address)));
  return lines.map((columns) => `${columns.join("\t")}\n`).join("");
}

function reverseName(address: string): string {
  return (isIpv6(address) ? new Address6(address) : new Address4(address)).reverseForm();
}
