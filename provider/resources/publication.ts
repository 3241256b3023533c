import type * as hcloud from "@pulumi/hcloud";
import type * as pulumi from "@pulumi/pulumi";
import type { Family } from "../model/address";

/** What of Hetzner's an address belongs to, for the reverse name that Hetzner answers with. */
export interface ReverseOwner {
  /** Names the address among all of a program, whatever it is. */
  key: string;
  of: Pick<hcloud.RdnsArgs, "floatingIpId" | "serverId">;
}

/** What records in DNS have to know of an address while it may still be unknown itself. */
export interface Publication {
  family: Family;
  /** Whether everybody can reach it. */
  isPublic: boolean;
  /** `given`: somebody else has set it. Undefined: not at Hetzner. */
  reverse?: ReverseOwner | "given";
}

/** Of addresses that a program passes on. */
const publications = new WeakMap<object, Publication>();

/** Notes what is known of an address, and returns it. */
export function published(address: pulumi.Output<string>, publication?: Publication): pulumi.Output<string> {
  if (publication !== undefined) publications.set(address, publication);
  return address;
}

export function publicationOf(address: unknown): Publication | undefined {
  return typeof address === "object" && address !== null ? publications.get(address) : undefined;
}

/** Of an address by name or by suffix, a key among those of its network. */
export function addressKey(network: string, nameOrSuffix: string | number): string {
  const isName = typeof nameOrSuffix === "string" && !nameOrSuffix.startsWith("::");
  return isName ? `${network}-${nameOrSuffix}` : `${network}-at-${String(nameOrSuffix).replace(/^::/, "")}`;
}
