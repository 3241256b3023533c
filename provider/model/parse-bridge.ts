import { bridgeDefaults } from "./defaults";
import type { BridgeArgs } from "./args";
import type { IsolationRules } from "./modes/rule";
import { attachments, isolationRules, isolations, modeRules, modes } from "./modes/rules";
import { parse } from "./parse";
import type { Parsed } from "./problem";
import { object, optional, required } from "./read/object";
import type { Place } from "./read/place";
import { flag, integer, oneOf } from "./read/scalar";
import { ipv4, network6 } from "./rule/address";
import { commonFields } from "./rule/common";
import { allowBetween } from "./rule/allow-between";
import { hostServices } from "./rule/host-services";
import { dhcpServer } from "./rule/dhcp-server";
import { bridgeName, macvlanName, uplinkName } from "./rule/name";
import { lan } from "./rule/networks";
import { privateNetwork } from "./rule/private-network";
import { vxlan } from "./rule/vxlan";
import { privateRelations } from "./private-relations";
import { isKnown, isUnknown } from "./unknown";
import { vxlanRelations } from "./vxlan-relations";
import { wiredNames } from "./wired";

const read = object<BridgeArgs>({
  ...commonFields,
  bridge: required(bridgeName),
  mode: optional(oneOf(modes), bridgeDefaults.mode),
  isolation: optional(oneOf(isolations), bridgeDefaults.isolation),
  attach: optional(oneOf(attachments), bridgeDefaults.attach),
  allowBetween: optional(allowBetween, bridgeDefaults.allowBetween),
  hostServices: optional(hostServices, bridgeDefaults.hostServices),
  ipv4: optional(ipv4),
  lan4: optional(lan),
  dhcpServer: optional(dhcpServer),
  ipv6: optional(network6),
  subnets: optional(flag),
  vxlan: optional(vxlan),
  privateNetwork: optional(privateNetwork),
  mtu: optional(integer(576, 65535)),
  macvlan: optional(macvlanName),
  uplink: optional(uplinkName),
  atHetzner: optional(flag),
  allowForeignMacs: optional(flag, bridgeDefaults.allowForeignMacs),
  adopt: optional(flag, bridgeDefaults.adopt),
});

function relations(args: BridgeArgs, place: Place): void {
  mtuRelation(args, place);
  vxlanRelations(args, place);
  privateRelations(args, place);
  const { mode, isolation, attach, allowBetween } = args;
  const rules = [
    ...(isUnknown(isolation) ? [] : [isolationRules[isolation]]),
    ...(isUnknown(mode) ? [] : [modeRules[mode]]),
  ];
  for (const { bridge, noAttach } of rules) {
    const refusal = isUnknown(attach) ? undefined : noAttach?.[attach];
    if (refusal !== undefined) place.key("attach").refuse(refusal);
    bridge(args, place);
  }
  macvlanRelation(args, rules, place);
  const noGroups = rules.flatMap((rule) => rule.noGroups ?? []);
  if (Array.isArray(allowBetween) && noGroups[0] !== undefined) place.key("allowBetween").refuse(noGroups[0]);
}

/** What the mode says comes first: another isolation would not help. */
function macvlanRelation({ bridge, macvlan }: BridgeArgs, rules: IsolationRules[], place: Place): void {
  if (macvlan === undefined) return;
  const refusal = [...rules].reverse().find(({ noMacvlan }) => noMacvlan !== undefined)?.noMacvlan;
  if (refusal !== undefined) place.key("macvlan").refuse(refusal);
  if (isKnown(macvlan) && isKnown(bridge) && Object.values(wiredNames(macvlan)).includes(bridge))
    place.key("macvlan").refuse(`its interfaces are called like the bridge (got ${macvlan}); say macvlan: { name }`);
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
