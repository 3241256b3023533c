import type { FloatingIpArgs } from "./args";
import { familyOf } from "./address";
import { contains, parseNetwork } from "./network";
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
  const { type, network } = args;
  if (isUnknown(type) || type === undefined) return;
  if (type === "ipv4" && network !== undefined) place.key("network").refuse("only an IPv6 address has a network");
  if (type === "ipv6" && network === undefined) place.key("network").refuse("is required for an IPv6 address");
  if (args.address === undefined || isUnknown(args.address)) return;
  if (familyOf(args.address) !== type) place.key("address").refuse(`must be of type ${type} (got ${args.address})`);
  else if (type === "ipv6") refuseOutside(args.address, network, place);
}

function refuseOutside(given: string, network: string | undefined, place: Place): void {
  const within = network === undefined || isUnknown(network) ? undefined : parseNetwork(network);
  if (within === undefined || typeof within === "string" || contains(within, given)) return;
  place.key("address").refuse(`must be in ${network} (got ${given})`);
}

/** Checks the arguments of `nspawn:FloatingIp`: all problems at once. Unknowns pass. */
export function parseFloatingIp(inputs: unknown): Parsed<FloatingIpArgs> {
  return parse(read, relations, inputs);
}
