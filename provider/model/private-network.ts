import { createHash } from "node:crypto";
import { Address4 } from "ip-address";

const networkDomain = "pulumi-nspawn/ipv4-network/1";
const addressDomain = "pulumi-nspawn/ipv4/1";

const hashOf = (...words: string[]): Buffer => createHash("sha256").update(words.join("\0"), "utf8").digest();

/** A bridge's own /16 of 10.128.0.0/9, a function of its host and its name; RFC 1918. */
export function privateNetwork(host: string, bridge: string): string {
  return `10.${128 + (hashOf(networkDomain, host, bridge)[0]! & 127)}.0.0/16`;
}

/** The first address of a network, which is its router's unless a program says otherwise: `10.3.0.0/24` → `10.3.0.1`. */
export const firstOf = (network: string): string => new Address4(network).startAddressExclusive().correctForm();

/**
 * The address of `name` in an IPv4 network, docs/addresses.md. The lowest 16 addresses, or a quarter of a small network, and the
 * last one are never given.
 */
export function ipv4For(network: string, name: string): string {
  const lan = new Address4(network);
  const size = 2n ** BigInt(32 - lan.subnetMask);
  const lowest = size / 4n < 16n ? size / 4n : 16n;
  for (let round = 0; ; round++) {
    const hash = hashOf(addressDomain, name, ...(round === 0 ? [] : [String(round)]));
    const suffix = BigInt(`0x${hash.subarray(0, 8).toString("hex")}`) % size;
    if (suffix >= lowest && suffix < size - 1n)
      return Address4.fromBigInt(lan.startAddress().bigInt() + suffix).correctForm();
  }
}
