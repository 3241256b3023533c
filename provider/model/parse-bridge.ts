import { bridgeDefaults } from "./defaults";
import type { BridgeArgs } from "./args";
import { parse } from "./parse";
import type { Parsed } from "./problem";
import { object, optional, required } from "./read/object";
import type { Place } from "./read/place";
import { flag, integer, oneOf } from "./read/scalar";
import { ipv4, network6 } from "./rule/address";
import { commonFields } from "./rule/common";
import { allowBetween } from "./rule/allow-between";
import { hostServices } from "./rule/host-services";
import { bridgeName, uplinkName } from "./rule/name";
import { isUnknown } from "./unknown";

const later = "it comes with a later release";

/** hetzner.md, peers.md: unknown MAC addresses on the uplink get a server locked. */
const foreignMacs =
  'must be "routed" on a server of Hetzner (got "transparent"): machines would send with MAC addresses that are not the ' +
  "server's own, and Hetzner locks servers that do; allowForeignMacs: true is for a network that lets them pass";

const read = object<BridgeArgs>({
  ...commonFields,
  bridge: required(bridgeName),
  mode: optional(oneOf(["routed", "transparent"], { nat: later, isolated: later }), bridgeDefaults.mode),
  isolation: optional(oneOf(["none", "tenant"]), bridgeDefaults.isolation),
  attach: optional(oneOf(["bridge", "veth"]), bridgeDefaults.attach),
  allowBetween: optional(allowBetween, bridgeDefaults.allowBetween),
  hostServices: optional(hostServices, bridgeDefaults.hostServices),
  ipv4: optional(ipv4),
  ipv6: optional(network6),
  mtu: optional(integer(576, 65535)),
  uplink: optional(uplinkName),
  atHetzner: optional(flag),
  allowForeignMacs: optional(flag, bridgeDefaults.allowForeignMacs),
  adopt: optional(flag, bridgeDefaults.adopt),
});

function relations(args: BridgeArgs, place: Place): void {
  mtuRelation(args, place);
  isolationRelations(args, place);
  if (args.attach === "veth") cableRelations(args, place.key("attach"));
  if (args.mode === "transparent") uplinkRelations(args, place);
  else if (args.mode === "routed" && args.allowForeignMacs === true)
    place.key("allowForeignMacs").refuse('means something in mode "transparent" only; leave it out');
}

/** Without a filter nothing could hold to these. */
function isolationRelations(args: BridgeArgs, place: Place): void {
  const { isolation, mode, allowBetween: between, hostServices: services } = args;
  if (isolation !== "none") {
    if (mode === "transparent" && Array.isArray(between))
      place.key("allowBetween").refuse('must be "all" or "none" with mode "transparent"; groups need mode "routed"');
    return;
  }
  const why = 'needs isolation: "tenant"; with "none" machines reach each other and the host';
  if (between !== "all" && !isUnknown(between)) place.key("allowBetween").refuse(why);
  if (Array.isArray(services) && services.length > 0) place.key("hostServices").refuse(why);
}

/** A cable of each machine's own has nothing of the bridge but its size, and what it may carry is the filter's business. */
function cableRelations({ mode, isolation }: BridgeArgs, place: Place): void {
  if (mode === "transparent")
    place.refuse('"veth" needs mode: "routed" (got "transparent"): machines of a LAN are ports of its bridge');
  if (isolation === "none") place.refuse('"veth" needs isolation: "tenant" (got "none")');
}

function uplinkRelations(args: BridgeArgs, place: Place): void {
  if (args.atHetzner === true && args.allowForeignMacs === false) place.key("mode").refuse(foreignMacs);
  if (args.uplink === undefined) place.key("uplink").refuse("is required: it becomes a port of the bridge");
  else if (args.uplink === args.bridge && !isUnknown(args.bridge))
    place.key("bridge").refuse(`is the uplink's own name (got ${args.bridge}); give the bridge another one`);
}

/** RFC 8200, 5: a link with IPv6 needs 1280 bytes. */
function mtuRelation(args: BridgeArgs, place: Place): void {
  if (args.mtu === undefined || isUnknown(args.mtu) || args.ipv6 === undefined) return;
  if (args.mtu < 1280) place.key("mtu").refuse(`must be at least 1280 on a bridge with IPv6 (got ${args.mtu})`);
}

/** Checks the arguments of `nspawn:BridgeNetwork`: all problems at once. Unknowns pass. */
export function parseBridge(inputs: unknown): Parsed<BridgeArgs> {
  return parse(read, relations, inputs);
}
