import { Address4 } from "ip-address";
import type { LanArgs, MachineAddressArgs, MachineArgs, MachineNetworkArgs } from "./args";
import { familyOf } from "./address";
import { addressOf } from "./allocation";
import type { Place } from "./read/place";
import { shown } from "./read/shown";
import { isUnknown } from "./unknown";

/** What has to hold between a machine, its bridges and its addresses, as far as it is known. */
export function networkRelations(args: MachineArgs, place: Place): void {
  if (!Array.isArray(args.networks)) return;
  const seen = new Map<string, string>();
  args.networks.forEach((network, index) => {
    if (isUnknown(network)) return;
    const at = place.key("networks").index(index);
    const host = known(args.host) && known(args.host.id) ? args.host.id : undefined;
    if (host !== undefined && known(network.host) && network.host !== host)
      at.key("bridge").refuse(
        `the bridge is on host ${shown(network.host)}, the machine on ${shown(host)}; a machine uses bridges of its own host`,
      );
    routerRelation(network.lan4, at.key("lan4"));
    if (Array.isArray(network.addresses)) addressRelations(network, host, seen, at.key("addresses"));
  });
  firewallRelation(args, place);
}

/** The firewall stands in the bridge's filter. */
function firewallRelation({ firewall, networks }: MachineArgs, place: Place): void {
  if (firewall === undefined || isUnknown(firewall)) return;
  const lan = networks.find((network) => !isUnknown(network) && network.mode === "transparent");
  if (lan !== undefined) {
    const why = "machines there are on the LAN itself, past the host's own forwarding";
    place.key("firewall").refuse(`needs a bridge of mode "routed" (${shown(lan.bridge)} is "transparent"); ${why}`);
    return;
  }
  const open = networks.find((network) => !isUnknown(network) && (network.isolation ?? "none") === "none");
  if (open !== undefined)
    place.key("firewall").refuse(`needs a bridge with isolation: "tenant"; ${shown(open.bridge)} has "none"`);
}

function routerRelation(lan4: LanArgs | undefined, place: Place): void {
  if (!known(lan4) || !known(lan4.network) || !known(lan4.gateway)) return;
  if (!new Address4(lan4.gateway).isInSubnet(new Address4(lan4.network)))
    place.key("gateway").refuse(`${lan4.gateway} is not in the LAN's network ${lan4.network}`);
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
    if (host !== undefined && known(entry.host) && entry.host !== host)
      at.refuse(`${text(entry)} is on host ${shown(entry.host)}, the machine on ${shown(host)}; move one of the two`);
    if (!known(entry.address)) return;
    const first = seen.get(entry.address);
    if (first !== undefined) at.refuse(`${entry.address} is used twice, first at ${first}`);
    else seen.set(entry.address, at.path);
    const clash = network.mode === "transparent" ? clashWithLan(entry, network) : clashWithHost(entry.address, network);
    if (clash !== undefined) at.key("address").refuse(clash);
  });
}

function clashWithHost(address: string, network: MachineNetworkArgs): string | undefined {
  if (familyOf(address) === "ipv4") {
    if (network.gateway4 === undefined) return `an IPv4 address needs a host with IPv4 (got ${address})`;
    return network.gateway4 === address ? `${address} is the host's own address; a machine needs its own` : undefined;
  }
  if (!known(network.ipv6)) return undefined;
  const [base] = network.ipv6.split("/");
  const own = addressOf(network.ipv6, 1);
  return address === base || address === own
    ? `${address} is the host's own address or its network's; a machine needs its own`
    : undefined;
}

/** On a transparent bridge nobody routes to the machine: its address has to be one of the LAN. */
function clashWithLan(entry: MachineAddressArgs, network: MachineNetworkArgs): string | undefined {
  const { address, proxied } = entry;
  if (proxied === false)
    return `${address} is a floating address, which is routed to the host; a bridge of mode "transparent" routes nothing: use one of mode "routed"`;
  if (known(network.gateway4) && address === network.gateway4)
    return `${address} is the host's own address; a machine needs its own`;
  return familyOf(address) === "ipv6" ? undefined : outsideLan(address, network.lan4);
}

function outsideLan(address: string, lan4: LanArgs | undefined): string | undefined {
  if (lan4 === undefined)
    return `an IPv4 address on a transparent bridge needs the bridge's ipv4: { network, gateway } (got ${address})`;
  if (!known(lan4) || !known(lan4.network) || !known(lan4.gateway)) return undefined;
  if (address === lan4.gateway) return `${address} is the LAN's router; a machine needs its own`;
  const lan = new Address4(lan4.network);
  if (!new Address4(address).isInSubnet(lan)) return `${address} is not in the LAN's network ${lan4.network}`;
  const ends = [lan.startAddress(), lan.endAddress()].map((end) => end.correctForm());
  return ends.includes(address) ? `${address} is the LAN's network or its broadcast address` : undefined;
}

function known<T>(value: T | undefined): value is T {
  return value !== undefined && !isUnknown(value);
}

function text(entry: MachineAddressArgs): string {
  return known(entry.address) ? entry.address : "the address";
}
