import type { LanArgs, MachineAddressArgs, MachineNetworkArgs, MachineSubnetArgs } from "../args";
import { isolations, machineAttachments, modes } from "../modes/rules";
import { list } from "../read/list";
import { object, optional, required } from "../read/object";
import { flag, integer, oneOf } from "../read/scalar";
import { address, ipv4, network4, network6, subnet6 } from "./address";
import { bridgeName, guestInterface, identifier, macvlanName } from "./name";
import { ports } from "./ports";
import { vxlanId } from "./vxlan";

const machineAddress = object<MachineAddressArgs>({
  address: required(address),
  host: optional(identifier),
  proxied: optional(flag, true),
});

const machineSubnet = object<MachineSubnetArgs>({ subnet: required(subnet6), host: optional(identifier) });

/** An IPv4 network and its router. */
export const lan = object<LanArgs>({ network: required(network4), gateway: optional(ipv4) });

const machineNetwork = object<MachineNetworkArgs>({
  bridge: required(bridgeName),
  interface: optional(guestInterface),
  defaultRoute: optional(flag),
  host: optional(identifier),
  addresses: optional(list(machineAddress, { max: 64 }), []),
  subnets: optional(list(machineSubnet, { max: 16 })),
  gateway4: optional(ipv4),
  ipv6: optional(network6),
  mode: optional(oneOf(modes)),
  lan4: optional(lan),
  lan6: optional(network6),
  isPrivate: optional(flag),
  vxlan: optional(vxlanId),
  ports: optional(ports),
  isolation: optional(oneOf(isolations)),
  attach: optional(oneOf(machineAttachments)),
  macvlan: optional(macvlanName),
  mtu: optional(integer(576, 65535)),
  groups: optional(list(integer(0, 63))),
});

/** A machine's networks. Their numbers have one digit in names of interfaces. */
export const networks = list(machineNetwork, { max: 8 });
