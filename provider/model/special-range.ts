import { Address4, Address6 } from "ip-address";
import { familyOf } from "./address";

/**
 * Ranges that no machine can have an address of (IANA's special-purpose registries, RFC 6890), and why. Private
 * ranges pass, because any Debian host in a home network may be a home for machines; so do the documentation ranges.
 */
const ranges4: readonly [string, string][] = [
  ["0.0.0.0/8", "this network"],
  ["127.0.0.0/8", "loopback"],
  ["169.254.0.0/16", "link-local"],
  ["192.0.0.0/24", "protocol assignments"],
  ["192.88.99.0/24", "6to4 relays"],
  ["198.18.0.0/15", "benchmarks"],
  ["224.0.0.0/4", "multicast"],
  ["240.0.0.0/4", "reserved or broadcast"],
];

const ranges6: readonly [string, string][] = [
  ["2001::/23", "protocol assignments"],
  ["2002::/16", "6to4"],
];

/** Global unicast and unique local addresses; every other IPv6 address is special. */
const unicast6: readonly string[] = ["2000::/3", "fc00::/7"];

/** Hetzner's gateway on every server's link. */
const gateway = "172.31.1.1";

/** Why a canonical address cannot be a machine's or a host's, or `undefined` when it can. */
export function specialPurpose(address: string): string | undefined {
  if (address === gateway) return "it is the gateway of the server's link";
  const why = familyOf(address) === "ipv6" ? special6(new Address6(address)) : special4(new Address4(address));
  return why === undefined ? undefined : `it is of a special-purpose range (${why})`;
}

function special4(address: Address4): string | undefined {
  return ranges4.find(([range]) => address.isInSubnet(new Address4(range)))?.[1];
}

function special6(address: Address6): string | undefined {
  const special = ranges6.find(([range]) => address.isInSubnet(new Address6(range)));
  if (special) return special[1];
  if (unicast6.some((range) => address.isInSubnet(new Address6(range)))) return undefined;
  return address.isLinkLocal() ? "link-local" : address.isMulticast() ? "multicast" : "not unicast";
}
