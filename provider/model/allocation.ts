import { createHash } from "node:crypto";
import { Address6 } from "ip-address";
import { NspawnError } from "../errors";
import { addressValue, canonicalIPv6 } from "./address";
import { type Network, hostMask, networkText, parseNetwork } from "./cidr";
import { shown } from "./read/shown";

const DOMAIN = "pulumi-nspawn/ipv6/1";
const SUBNET_DOMAIN = "pulumi-nspawn/ipv6-subnet/1";

/**
 * The host part of the address that `name` has in every network of this prefix length (48 to 112): a published,
 * pinned function, docs/addresses.md. The lowest addresses are never given; they are for the host, gateways and fixed
 * suffixes.
 *
 * @throws NspawnError NSPAWN_INVALID_INPUT for an empty name, a name with a NUL, or another prefix length.
 */
export function ipv6Suffix(prefixLength: number, name: string): bigint {
  if (!Number.isInteger(prefixLength) || prefixLength < 48 || prefixLength > 112)
    throw invalid(`addresses by name need a prefix length from 48 to 112, not ${prefixLength}`);
  if (!isName(name)) throw invalid("an address by name needs a name that is not empty and has no NUL");
  const mask = hostMask(prefixLength);
  return firstOf(DOMAIN, name, (number) => {
    const suffix = number & mask;
    return suffix >= reservedBelow(prefixLength) ? suffix : undefined;
  });
}

const isName = (name: unknown): boolean => typeof name === "string" && name !== "" && !name.includes("\0");

/** What the first round's hash that serves is made into, of 128 bits each. */
function firstOf(domain: string, name: string, made: (number: bigint) => bigint | undefined): bigint {
  for (let round = 0; ; round++) {
    const text = `${domain}\0${name}${round === 0 ? "" : `\0${round}`}`;
    const hash = createHash("sha256").update(text, "utf8").digest("hex");
    const result = made(BigInt(`0x${hash.slice(0, 32)}`));
    if (result !== undefined) return result;
  }
}

/** Host parts below this number are never given by name: 0x10000, or the square root of the host part where that is less. */
export function reservedBelow(prefixLength: number): bigint {
  return 1n << BigInt(Math.min(16, Math.floor((128 - prefixLength) / 2)));
}

/** The address of `name` in a network such as `2001:db8:1::/64`; canonical text. */
export function ipv6For(prefix: string, name: string): string {
  const network = parsed(prefix);
  return join(network, ipv6Suffix(network.length, name));
}

/**
 * The subnet of `name` with a prefix of `length` bits in a network such as `2001:db8:1::/64`; canonical text. A published,
 * pinned function, docs/addresses.md. The subnets with the network's lowest addresses are never given: these are for the host,
 * gateways and fixed suffixes.
 *
 * @throws NspawnError NSPAWN_INVALID_INPUT for a name as of {@link ipv6Suffix}, or a length that is none of a subnet there.
 */
export function subnetFor(prefix: string, name: string, length: number): string {
  const network = parsed(prefix);
  if (!isName(name)) throw invalid("a subnet by name needs a name that is not empty and has no NUL");
  if (network.length < 48) throw invalid(`a subnet by name needs a network of /48 or smaller, not ${prefix}`);
  if (!Number.isInteger(length) || length <= network.length || length > 124)
    throw invalid(
      `a subnet of ${prefix} has a prefix length from ${network.length + 1} to 124, not ${shown(length)}: the whole network has the host's own address`,
    );
  const mask = hostMask(network.length) & ~hostMask(length);
  const suffix = firstOf(`${SUBNET_DOMAIN}\0${length}`, name, (number) => {
    const start = number & mask;
    return start >= reservedBelow(network.length) ? start : undefined;
  });
  return `${join(network, suffix)}/${length}`;
}

/**
 * The address with a fixed host part in a network: `addressOf("2001:db8:f::/64", 7)` and
 * `addressOf("2001:db8:f::/64", "::7")` are `2001:db8:f::7`.
 *
 * @throws NspawnError NSPAWN_INVALID_INPUT when the suffix is zero or does not fit.
 */
export function addressOf(network: string, suffix: number | bigint | string): string {
  const within = parsed(network);
  const number = suffixNumber(suffix);
  if (number === undefined || number < 1n || number > hostMask(within.length))
    throw invalid(
      `the suffix must be an integer from 1, or a text such as "::7", that fits into ${networkText(within)} (got ${shown(String(suffix))})`,
    );
  return join(within, number);
}

function suffixNumber(suffix: number | bigint | string): bigint | undefined {
  if (typeof suffix === "bigint") return suffix;
  if (typeof suffix === "number") return Number.isSafeInteger(suffix) ? BigInt(suffix) : undefined;
  const address = typeof suffix === "string" && suffix.startsWith("::") ? canonicalIPv6(suffix) : undefined;
  return address === undefined ? undefined : addressValue(address);
}

function parsed(text: string): Network {
  const network = parseNetwork(text);
  if (typeof network === "string") throw invalid(`${network} (got ${shown(text)})`);
  return network;
}

function join(network: Network, suffix: bigint): string {
  return Address6.fromBigInt(addressValue(network.first) | suffix).correctForm();
}

function invalid(message: string): NspawnError {
  return new NspawnError("NSPAWN_INVALID_INPUT", message);
}
