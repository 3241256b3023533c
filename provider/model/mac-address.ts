import { createHash } from "node:crypto";
import { Address6 } from "ip-address";
import type { MachineArgs } from "./args";

const DOMAIN = "pulumi-nspawn/mac/1";

/**
 * MAC address of a machine on a protected bridge: a function of who owned it first and its name, so that the filter can name
 * it before the machine exists, and that it stays when the machine moves or its owner is renamed. Locally administered,
 * unicast (IEEE 802, 8.2).
 *
 * @param bridge of each network but the first
 */
export function machineMac(
  { owner, firstOwner, name }: Pick<MachineArgs, "owner" | "firstOwner" | "name">,
  bridge?: string,
): string {
  const named = [DOMAIN, firstOwner ?? owner, name, ...(bridge === undefined ? [] : [bridge])];
  const hash = createHash("sha256").update(named.join("\0"), "utf8").digest();
  const octets = [(hash[0]! & 0xfc) | 0x02, ...hash.subarray(1, 6)];
  return octets.map((octet) => octet.toString(16).padStart(2, "0")).join(":");
}

/** The link-local address that the kernel makes of a MAC address: modified EUI-64, RFC 4291 appendix A. */
export function linkLocalOf(mac: string): string {
  return Address6.fromBigInt((0xfe80n << 112n) | interfaceIdOf(mac)).correctForm();
}

/** Whether an address is one of those. */
export const isLinkLocal = (address: string): boolean => address.startsWith("fe80:");

/** The lower half of addresses that are made of a MAC address. */
export function interfaceIdOf(mac: string): bigint {
  const [first = 0, ...rest] = mac.split(":").map((octet) => Number.parseInt(octet, 16));
  const octets = [first ^ 0x02, ...rest.slice(0, 2), 0xff, 0xfe, ...rest.slice(2)];
  return octets.reduce((id, octet) => (id << 8n) | BigInt(octet), 0n);
}
