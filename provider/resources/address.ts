import * as pulumi from "@pulumi/pulumi";
import { addressOf, ipv6For } from "../model/allocation";
import { claim } from "./claims";

/** Where an address that a program passes on came from; a plain string that a user wrote has no origin. */
interface Origin {
  /** `host.id` of the host it belongs to. */
  host: pulumi.Input<string | undefined>;
}

const origins = new WeakMap<object, Origin>();

/** The host that an address was handed out for, when it came from `ipv6For` or `address`. */
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
  host: pulumi.Input<string | undefined>,
): pulumi.Output<string> {
  const address = pulumi.output(network).apply((cidr) => {
    const isName = typeof nameOrSuffix === "string" && !nameOrSuffix.startsWith("::");
    const chosen = isName ? ipv6For(cidr, nameOrSuffix) : addressOf(cidr, nameOrSuffix);
    claim(`address ${chosen} of ${cidr}`, `"${nameOrSuffix}"`);
    return chosen;
  });
  origins.set(address, { host });
  return address;
}
