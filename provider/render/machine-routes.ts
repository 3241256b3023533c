import { asPrefix } from "../model/address";
import type { MachineArgs, MachineNetworkArgs } from "../model/args";
import type { Fact } from "../model/desired";
import { neighbourLine } from "../model/fact/neighbour";
import { proxyLine } from "../model/fact/proxy";
import { routeLine } from "../model/fact/route";
import { linkLocalOf } from "../model/mac-address";
import { machineProxyFile, routeFile } from "../model/paths";
import type { PluggedNetwork } from "../model/plugged";
import { UNKNOWN, isUnknown } from "../model/unknown";
import { fixedMac } from "./fixed-mac";
import { addressesOf, bridgeDropIn, throughOf } from "./guest-network";
import { subnetsOf } from "./guest-subnets";
import { items } from "./items";
import { renderedMode } from "./modes/rendered-modes";
import { proxyList } from "./proxies";

/** The file by which the host routes to a machine on one of its networks. */
export function routeFiles(args: MachineArgs, network: PluggedNetwork): Record<string, string | undefined> {
  const { bridge, plug, attach } = network;
  const mac = fixedMac(args, network);
  const [addresses, subnets] = [addressesOf(network), subnetsOf(network)];
  if (addresses.length + subnets.length === 0 && mac === undefined) return {};
  const [routed, near] = split(addresses, network);
  const isUnknownYet = [...addresses, ...subnets].includes(UNKNOWN);
  const text = isUnknownYet ? UNKNOWN : bridgeDropIn(routed, subnets, mac, near);
  return { [routeFile(bridge, plug, attach)]: text };
}

/** Addresses to which the host routes, and those to which it is a neighbour. */
function split(addresses: string[], { mode }: MachineNetworkArgs): [string[], string[]] {
  const routes = renderedMode(mode).routes ?? (() => false);
  return [addresses.filter(routes), addresses.filter((address) => !routes(address))];
}

/** The one by which it answers for the machine, of all networks where it routes; for subnets only a neighbour proxy does. */
export function proxyFiles(name: string, networks: MachineNetworkArgs[]): Record<string, string | undefined> {
  const proxied = [...networks.flatMap(proxiedOf), ...networks.flatMap(subnetsOf)];
  return { [machineProxyFile(name)]: proxied.length === 0 ? undefined : proxyList(proxied) };
}

/** What the host answers for, whether the machine runs or not. */
export const proxyFacts = (network: MachineNetworkArgs): Record<string, Fact> => ({
  proxies: proxiedOf(network).map((address) => proxyLine({ address })),
});

/** The routes to a machine by a link of the host. */
export function routeFacts(args: MachineArgs, network: PluggedNetwork, link: string): Record<string, Fact> {
  const mac = fixedMac(args, network);
  const [routed, near] = split(addressesOf(network), network);
  return {
    // Nobody has to ask for it, and nobody's answer changes it.
    neighbours:
      mac === undefined ? [] : [linkLocalOf(mac), ...near].map((address) => neighbourLine({ address, mac, link })),
    routes: [
      ...routed.map((address) => (isUnknown(address) ? UNKNOWN : routeLine({ destination: asPrefix(address), link }))),
      ...subnetsOf(network).map((destination) =>
        isUnknown(destination)
          ? UNKNOWN
          : routeLine({ destination, via: mac === undefined ? throughOf(routed) : undefined, link }),
      ),
    ],
  };
}

function proxiedOf(network: MachineNetworkArgs): string[] {
  return items(network.addresses).flatMap((entry) => {
    if (isUnknown(entry) || isUnknown(entry.proxied) || isUnknown(entry.address)) return [UNKNOWN];
    return entry.proxied && renderedMode(network.mode).routes?.(entry.address) === true ? [entry.address] : [];
  });
}
