import { bridgeDefaults } from "./defaults";
import type { BridgeArgs } from "./args";
import { parse } from "./parse";
import type { Parsed } from "./problem";
import { object, optional, required } from "./read/object";
import type { Place } from "./read/place";
import { flag, integer, oneOf } from "./read/scalar";
import { ipv4, network6 } from "./rule/address";
import { commonFields } from "./rule/common";
import { bridgeName } from "./rule/name";
import { isUnknown } from "./unknown";

const later = "it comes with a later release";

const read = object<BridgeArgs>({
  ...commonFields,
  bridge: required(bridgeName),
  mode: optional(oneOf(["routed"], { transparent: later, nat: later, isolated: later }), bridgeDefaults.mode),
  isolation: optional(oneOf(["none"], { tenant: later }), bridgeDefaults.isolation),
  ipv4: optional(ipv4),
  ipv6: optional(network6),
  mtu: optional(integer(576, 65535)),
  adopt: optional(flag, bridgeDefaults.adopt),
});

/** RFC 8200, 5: a link with IPv6 needs 1280 bytes. */
function relations(args: BridgeArgs, place: Place): void {
  if (args.mtu === undefined || isUnknown(args.mtu) || args.ipv6 === undefined) return;
  if (args.mtu < 1280) place.key("mtu").refuse(`must be at least 1280 on a bridge with IPv6 (got ${args.mtu})`);
}

/** Checks the arguments of `nspawn:BridgeNetwork`: all problems at once. Unknowns pass. */
export function parseBridge(inputs: unknown): Parsed<BridgeArgs> {
  return parse(read, relations, inputs);
}
