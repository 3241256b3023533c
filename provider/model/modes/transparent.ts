import { familyOf } from "../address";
import type { BridgeArgs, LanArgs } from "../args";
import type { Place } from "../read/place";
import { shown } from "../read/shown";
import { isKnown, isUnknown } from "../unknown";
import { outsideLan } from "./lan";
import { noLeases, type ModeRules } from "./rule";

/** hetzner.md, peers.md: unknown MAC addresses on the uplink get a server locked. */
const foreignMacs =
  'must be "routed" on a server of Hetzner (got "transparent"): machines would send with MAC addresses that are not the ' +
  "server's own, and Hetzner locks servers that do; allowForeignMacs: true is for a network that lets them pass";

/** Machines are on the LAN itself: nobody routes to them, so their addresses have to be some of it. */
export const transparent: ModeRules = {
  reachedBy: "lan",
  bridge: uplinkRelations,
  noGroups: 'must be "all" or "none" with mode "transparent"; groups need mode "routed"',
  noVxlan:
    'needs mode: "isolated" (got "transparent"): it would join the LANs of both hosts, their routers and DHCP servers',
  noPrivateNetwork: `needs mode: "routed" (got "transparent"): bridging: Hetzner's private networks are layer 3, and no frame of a machine gets through`,
  noAttach: { veth: '"veth" needs mode: "routed" (got "transparent"): machines of a LAN are ports of its bridge' },
  noSubnets:
    'need a bridge of mode "routed" or "nat" (got "transparent"): on the LAN it is the LAN\'s router that would have to route them to the machine',
  noMacvlan:
    'needs mode "isolated" or "routed" (got "transparent"): machines of a LAN are ports of its bridge, with the uplink beside them',
  clash({ address, proxied }, network) {
    if (proxied === false)
      return `${address} is a floating address, which is routed to the host; a bridge of mode "transparent" routes nothing: use one of mode "routed"`;
    if (isKnown(network.gateway4) && address === network.gateway4)
      return `${address} is the host's own address; a machine needs its own`;
    return familyOf(address) === "ipv6" ? undefined : outside(address, network.lan4);
  },
  noFirewall: (bridge) =>
    `needs a bridge of mode "routed" (${shown(bridge)} is "transparent"); machines there are on the LAN itself, past the host's own forwarding`,
};

function uplinkRelations(args: BridgeArgs, place: Place): void {
  noLeases(args, place);
  if (args.atHetzner === true && args.allowForeignMacs === false) place.key("mode").refuse(foreignMacs);
  if (args.uplink === undefined) place.key("uplink").refuse("is required: it becomes a port of the bridge");
  else if (args.uplink === args.bridge && !isUnknown(args.bridge))
    place.key("bridge").refuse(`is the uplink's own name (got ${args.bridge}); give the bridge another one`);
}

function outside(address: string, lan4: LanArgs | undefined): string | undefined {
  if (lan4 === undefined || (isKnown(lan4) && lan4.gateway === undefined))
    return `an IPv4 address on a transparent bridge needs the bridge's ipv4: { network, gateway } (got ${address})`;
  return outsideLan(address, lan4);
}
