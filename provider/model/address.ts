import { Address4, Address6 } from "ip-address";

export type Family = "ipv4" | "ipv6";

/** The address in its one canonical form, or `undefined`: `010.0.0.1`, `127.1` and `0x7f.1` are not IPv4 addresses here. */
export function canonicalIPv4(text: string): string | undefined {
  if (!/^(?:\d{1,3}\.){3}\d{1,3}$/.test(text) || !Address4.isValid(text)) return undefined;
  return new Address4(text).correctForm() === text ? text : undefined;
}

/** The address in the form of RFC 5952, or `undefined`. Scopes, embedded IPv4 and brackets are refused. */
export function canonicalIPv6(text: string): string | undefined {
  if (!/^[0-9A-Fa-f:]{2,39}$/.test(text) || !Address6.isValid(text)) return undefined;
  return new Address6(text).correctForm();
}

/** The canonical form of an address of either family, or `undefined`. */
export function canonicalAddress(text: string): string | undefined {
  return canonicalIPv4(text) ?? canonicalIPv6(text);
}

/** The family of a canonical address. */
export function familyOf(address: string): Family {
  return address.includes(":") ? "ipv6" : "ipv4";
}

export function isIpv6(address: string): boolean {
  return familyOf(address) === "ipv6";
}

/** A canonical address with the prefix length of one address: `192.0.2.1/32`, `2001:db8::1/128`. */
export function asPrefix(address: string): string {
  return `${address}/${isIpv6(address) ? 128 : 32}`;
}

/** A canonical address as a number. */
export function addressValue(address: string): bigint {
  return isIpv6(address) ? new Address6(address).bigInt() : new Address4(address).bigInt();
}
