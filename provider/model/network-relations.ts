import { Address4 } from "ip-address";
import type { LanArgs, MachineAddressArgs, MachineArgs, MachineNetworkArgs } from "./args";
import { knownAttach, knownIsolation, knownMode } from "./known-mode";
import type { MachineAttach } from "./mode";
import { isolationRules, modeRules } from "./modes/rules";
import type { Place } from "./read/place";
import { shown } from "./read/shown";
import { severalNetworks } from "./several-networks";
import { addressesApart, subnetRelations, type SeenSubnets } from "./subnet-relations";
import { isKnown, isUnknown } from "./unknown";

/** What has to hold between a machine, its bridges and its addresses, as far as it is known. */
export function networkRelations(args: MachineArgs, place: Place): void {
  if (!Array.isArray(args.networks)) return;
  const seen = new Map<string, string>();
  const subnets: SeenSubnets = [];
  args.networks.forEach((network, index) => {
    if (isUnknown(network)) return;
    const at = place.key("networks").index(index);
    const host = isKnown(args.host) && isKnown(args.host.id) ? args.host.id : undefined;
    if (host !== undefined && isKnown(network.host) && network.host !== host)
      at.key("bridge").refuse(
        `the bridge is on host ${shown(network.host)}, the machine on ${shown(host)}; a machine uses bridges of its own host`,
      );
    routerRelation(network.lan4, at.key("lan4"));
    if (Array.isArray(network.addresses)) addressRelations(network, host, seen, at.key("addresses"));
    subnetRelations(network, host, subnets, at.key("subnets"));
    modeRules[knownMode(network.mode)].network?.(network, at);
    attachRelations[knownAttach(network.attach)](network, at.key("attach"));
    portRelations(network, args, at.key("ports"));
  });
  addressesApart(args.networks, subnets, place.key("networks"));
  severalNetworks(args.networks, place.key("networks"));
  firewallRelation(args, place);
}

/** What the attachment of one machine asks of its bridge; that of the bridge itself is refused there. */
const attachRelations: Record<MachineAttach, (network: MachineNetworkArgs, place: Place) => void> = {
  bridge: () => undefined,
  macvlan({ bridge, macvlan, mode, isolation }, place) {
    if (macvlan === undefined) place.refuse(`the bridge ${shown(bridge)} has no macvlan; give it macvlan: true`);
    const rules = [modeRules[knownMode(mode)], isolationRules[knownIsolation(isolation)]];
    const refusal = rules.find(({ noMacvlan }) => noMacvlan !== undefined)?.noMacvlan;
    if (refusal !== undefined) place.refuse(refusal);
  },
  veth: () => undefined,
};

/** The firewall stands in the bridge's filter. */
function firewallRelation({ firewall, networks }: MachineArgs, place: Place): void {
  if (firewall === undefined || isUnknown(firewall)) return;
  const refusals = networks.flatMap((network) => {
    if (isUnknown(network)) return [];
    const { bridge, mode, isolation } = network;
    const rules = [modeRules[knownMode(mode)], isolationRules[knownIsolation(isolation)]];
    return rules.flatMap(({ noFirewall }) => noFirewall?.(bridge) ?? []);
  });
  if (refusals[0] !== undefined) place.key("firewall").refuse(refusals[0]);
}

/** A port of the host that leads elsewhere is the host's own no more. */
function portRelations({ mode, ports }: MachineNetworkArgs, { connection, networks }: MachineArgs, place: Place): void {
  if (!Array.isArray(ports) || ports.length === 0) return;
  if (modeRules[knownMode(mode)].translates !== true) {
    place.refuse(
      `need a bridge of mode "nat" (got ${shown(mode ?? "routed")}): elsewhere a machine is reached at its own addresses`,
    );
    return;
  }
  ports.forEach((port, index) => {
    if (isUnknown(port)) return;
    const all = networks.flatMap((network) => (Array.isArray(network.ports) ? network.ports : []));
    const first = all.find((one) => !isUnknown(one) && one.protocol === port.protocol && one.host === port.host);
    if (first !== port) place.index(index).key("host").refuse(`${port.host}/${port.protocol} is listed already`);
    if (port.protocol !== "tcp" || !isKnown(connection)) return;
    if (port.host === (connection.port ?? 22))
      place
        .index(index)
        .key("host")
        .refuse(`${port.host} is the port of the host's own SSH server; with it you would be locked out`);
  });
}

function routerRelation(lan4: LanArgs | undefined, place: Place): void {
  if (!isKnown(lan4) || !isKnown(lan4.network) || !isKnown(lan4.gateway)) return;
  if (!new Address4(lan4.gateway).isInSubnet(new Address4(lan4.network)))
    place.key("gateway").refuse(`${lan4.gateway} is not in the bridge's network ${lan4.network}`);
}

function addressRelations(
  network: MachineNetworkArgs,
  host: string | undefined,
  seen: Map<string, string>,
  place: Place,
): void {
  network.addresses.forEach((entry, index) => {
    if (isUnknown(entry)) return;
    const at = place.index(index);
    if (host !== undefined && isKnown(entry.host) && entry.host !== host)
      at.refuse(`${text(entry)} is on host ${shown(entry.host)}, the machine on ${shown(host)}; move one of the two`);
    if (!isKnown(entry.address)) return;
    const first = seen.get(entry.address);
    if (first !== undefined) at.refuse(`${entry.address} is used twice, first at ${first}`);
    else seen.set(entry.address, at.path);
    const clash = modeRules[knownMode(network.mode)].clash(entry, network);
    if (clash !== undefined) at.key("address").refuse(clash);
  });
}

function text(entry: MachineAddressArgs): string {
  return isKnown(entry.address) ? entry.address : "the address";
}
