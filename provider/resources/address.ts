import * as pulumi from "@pulumi/pulumi";
import { addressOf, ipv6For, subnetFor } from "../model/allocation";
import { claimIpv6, once } from "./duplicates";
import { derived } from "./refusals";

/** Where an address belongs. */
export interface Origin {
  /** Each `host.id` that answers for it. */
  hosts: string[];
  /** Whether a machine on each of them may have it: it points at one of them at a time. */
  shared: boolean;
}

/** Of addresses that a program passes on; a plain string that a user wrote has no origin. */
const origins = new WeakMap<object, Origin>();

/** Where an address or a subnet belongs, when it came from `ipv6For` or `addressFor`, `subnetFor` or `subnet`. */
export function originOf(address: unknown): Origin | undefined {
  return typeof address === "object" && address !== null ? origins.get(address) : undefined;
}

/**
 * An address of a network for a name (docs/addresses.md: the same name gives the same address for ever) or for a
 * fixed suffix (`"::5"`, `5`). Two names with one address fail in the preview.
 */
export function handOut(
  network: pulumi.Input<string>,
  nameOrSuffix: string | number,
  origin: Origin,
): pulumi.Output<string> {
  const address = derived(`the address for "${nameOrSuffix}"`, network, (cidr) => {
    const isName = typeof nameOrSuffix === "string" && !nameOrSuffix.startsWith("::");
    const chosen = isName ? ipv6For(cidr, nameOrSuffix) : addressOf(cidr, nameOrSuffix);
    return once(claimIpv6(chosen, ` of ${cidr}`, `"${nameOrSuffix}"`), chosen);
  });
  return from(origin, address);
}

/** A subnet of a network for a name, as an address is (docs/addresses.md). It never overlaps with others or with addresses. */
export function handOutSubnet(
  network: pulumi.Input<string>,
  name: string,
  length: number,
  origin: Origin,
): pulumi.Output<string> {
  const subnet = derived(`the subnet for "${name}"`, network, (cidr) => {
    const chosen = subnetFor(cidr, name, length);
    return once(claimIpv6(chosen, ` of ${cidr}`, `"${name}" (/${length})`), chosen);
  });
  return from(origin, subnet);
}

function from(origin: Origin, handedOut: pulumi.Output<string>): pulumi.Output<string> {
  if (origin.hosts.length > 0) origins.set(handedOut, origin);
  return handedOut;
}
