import type { FloatingIpArgs } from "./args";
import { familyOf } from "./address";
import { contains, parseNetwork } from "./cidr";
import { parse } from "./parse";
import type { Parsed } from "./problem";
import { object, optional, required } from "./read/object";
import type { Place } from "./read/place";
import { oneOf } from "./read/scalar";
import { address, network6 } from "./rule/address";
import { commonFields } from "./rule/common";
import { resourceName } from "./rule/name";
import { isUnknown } from "./unknown";

const read = object<FloatingIpArgs>({
  ...commonFields,
  type: required(oneOf(["ipv4", "ipv6"])),
  address: required(address),
  network: optional(network6),
  name: required(resourceName),
});

function relations(args: FloatingIpArgs, place: Place): void {
  const { type, network, address: given } = args;
  if (isUnknown(type) || type === undefined) return;
  if ((type === "ipv6") !== (network !== undefined))
    place
      .key("network")
      .refuse(type === "ipv6" ? "is required for an IPv6 address" : "only an IPv6 address has a network");
  if (given === undefined || isUnknown(given)) return;
  const problem = familyOf(given) === type ? outside(given, network) : `must be of type ${type}`;
  if (problem !== undefined) place.key("address").refuse(`${problem} (got ${given})`);
}

function outside(given: string, network: string | undefined): string | undefined {
  if (familyOf(given) === "ipv4" || network === undefined || isUnknown(network)) return undefined;
  const within = parseNetwork(network);
  return typeof within === "string" || contains(within, given) ? undefined : `must be in ${network}`;
}

/** Checks the arguments of `nspawn:FloatingIp`: all problems at once. Unknowns pass. */
export function parseFloatingIp(inputs: unknown): Parsed<FloatingIpArgs> {
  return parse(read, relations, inputs);
}
