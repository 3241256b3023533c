import * as pulumi from "@pulumi/pulumi";
import { addressOf, ipv6For } from "../model/allocation";
import { claim } from "./claims";

/** `host.id` of where an address belongs that a program passes on; a plain string that a user wrote has none. */
const origins = new WeakMap<object, string>();

/** The `host.id` that an address was handed out for, when it came from `ipv6For` or `addressFor`. */
export function originOf(address: unknown): string | undefined {
  return typeof address === "object" && address !== null ? origins.get(address) : undefined;
}

/**
 * An address of a network for a name (docs/addresses.md: the same name gives the same address for ever) or for a
 * fixed suffix (`"::5"`, `5`). Two names with one address fail in the preview.
 */
export function handOut(
  network: pulumi.Input<string>,
  nameOrSuffix: string | number,
  host: string | undefined,
): pulumi.Output<string> {
  const address = pulumi.output(network).apply((cidr) => {
    const isName = typeof nameOrSuffix === "string" && !nameOrSuffix.startsWith("::");
    const chosen = isName ? ipv6For(cidr, nameOrSuffix) : addressOf(cidr, nameOrSuffix);
    claim(`address ${chosen} of ${cidr}`, `"${nameOrSuffix}"`);
    return chosen;
  });
  if (host !== undefined) origins.set(address, host);
  return address;
}
