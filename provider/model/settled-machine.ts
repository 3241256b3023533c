import { isIpv6 } from "./address";
import type { ImageArgs, MachineAddressArgs, MachineArgs, MachineNetworkArgs, MachineSubnetArgs } from "./args";
import { basePackages } from "./image";
import { isPlainObject } from "./read/plain-object";
import { isUnknown } from "./unknown";

/**
 * A machine's arguments without what says nothing more once they are checked: whether all is on one host, and free
 * there, and the packages of every image. State may hold anything, and so may this.
 */
export function settledMachine(args: MachineArgs): MachineArgs {
  const { networks, image } = args;
  return {
    ...args,
    image: isPlainObject(image) ? settledImage(image) : image,
    networks: Array.isArray(networks)
      ? networks.map((network) => (isPlainObject(network) ? settledNetwork(network) : network))
      : networks,
  };
}

function settledImage(image: ImageArgs): ImageArgs {
  if (!("packages" in image) || !Array.isArray(image.packages)) return image;
  return { ...image, packages: image.packages.filter((name) => !basePackages.includes(name)) };
}

function settledNetwork({ ipv6: _ipv6, host: _host, gateway4, ...network }: MachineNetworkArgs): MachineNetworkArgs {
  if (!Array.isArray(network.addresses)) return { ...network, gateway4 };
  const addresses = network.addresses.map((entry) => (isPlainObject(entry) ? atHome(entry) : entry));
  if (Array.isArray(network.subnets)) network.subnets = network.subnets.map(subnetAtHome);
  // Without an IPv4 address there is no IPv4 gateway.
  const asks = addresses.some(({ address }) => typeof address !== "string" || isUnknown(address) || !isIpv6(address));
  return { ...network, addresses, gateway4: asks ? gateway4 : undefined };
}

function atHome({ host: _host, ...address }: MachineAddressArgs): MachineAddressArgs {
  return address;
}

function subnetAtHome(entry: MachineSubnetArgs): MachineSubnetArgs {
  return isPlainObject(entry) ? { subnet: entry.subnet } : entry;
}
