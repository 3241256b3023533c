import type { MachineAddressArgs, MachineNetworkArgs } from "../args";
import { list } from "../read/list";
import { object, optional, required } from "../read/object";
import { flag } from "../read/scalar";
import { address, ipv4, network6 } from "./address";
import { bridgeName, identifier } from "./name";

const machineAddress = object<MachineAddressArgs>({
  address: required(address),
  host: optional(identifier),
  proxied: optional(flag, true),
});

const machineNetwork = object<MachineNetworkArgs>({
  bridge: required(bridgeName),
  host: required(identifier),
  addresses: optional(list(machineAddress, { max: 64 }), []),
  gateway4: optional(ipv4),
  ipv6: optional(network6),
});

/** A machine's networks. */
export const networks = list(machineNetwork, {
  max: 1,
  why: "a second network of one machine comes with a later release",
});
