import { Address6 } from "ip-address";
import { addressValue, canonicalIPv6, familyOf } from "./address";

/** An IPv6 network. */
export interface Network {
  /** First address, canonical. */
  first: string;
  /** Prefix length. */
  length: number;
}

/** `2001:db8:1::/64` → its parts, or why it is refused. Host bits must be zero. */
export function parseNetwork(text: string): Network | string {
  const parts = /^([^/]+)\/(0|[1-9]\d{0,2})$/.exec(text);
  const first = parts && canonicalIPv6(parts[1]!);
  if (!parts || !first) return "not an IPv6 network such as 2001:db8:1::/64";
  const length = Number(parts[2]);
  if (length > 128) return `a prefix length is 128 at most, not ${length}`;
  if (addressValue(first) & hostMask(length)) return `host bits are set, the network is ${networkOf(first, length)}`;
  return { first, length };
}

/** The canonical text of a network, `2001:db8:1::/64`. */
export function networkText(network: Network): string {
  return `${network.first}/${network.length}`;
}

/** Whether a canonical address of either family lies in an IPv6 network. */
export function contains(network: Network, address: string): boolean {
  if (familyOf(address) !== "ipv6") return false;
  return (addressValue(address) & ~hostMask(network.length)) === addressValue(network.first);
}

/** Whether two IPv6 networks have an address in common: then one of them lies in the other. */
export function overlap(one: Network, other: Network): boolean {
  return one.length <= other.length ? contains(one, other.first) : contains(other, one.first);
}

/** Ones where the host part of an IPv6 address stands. */
export function hostMask(length: number): bigint {
  return (1n << BigInt(128 - length)) - 1n;
}

function networkOf(address: string, length: number): string {
  return `${Address6.fromBigInt(addressValue(address) & ~hostMask(length)).correctForm()}/${length}`;
}
