import * as pulumi from "@pulumi/pulumi";
import { addressOf, ipv6For } from "../model/allocation";
import { claim, once } from "./duplicates";

/** Where an address belongs. */
export interface Origin {
  /** Each `host.id` that answers for it. */
  hosts: string[];
  /** Whether a machine on each of them may have it: it points at one of them at a time. */
  shared: boolean;
}

/** Of addresses that a program passes on; a plain string that a user wrote has no origin. */
const origins = new WeakMap<object, Origin>();

/** Where an address belongs, when it came from `ipv6For` or `addressFor`. */
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
  const address = pulumi.output(network).apply((cidr) => {
    const isName = typeof nameOrSuffix === "string" && !nameOrSuffix.startsWith("::");
    const chosen = isName ? ipv6For(cidr, nameOrSuffix) : addressOf(cidr, nameOrSuffix);
    return once(claim(`address ${chosen} of ${cidr}`, `"${nameOrSuffix}"`), chosen);
  });
  if (origin.hosts.length > 0) origins.set(address, origin);
  return address;
}
