import { ApiError } from "../http/api-error";
import { newMac } from "../servers/new-mac";
import type { PrivateNet } from "../servers/private-net";
import type { ServerRecord } from "../servers/server-record";
import type { World } from "../world";
import { IpRange } from "./ip-range";
import type { NetworkRecord } from "./network-record";

/** The router's own address, never given to a server. */
const ROUTER = IpRange.number("172.31.1.1");

/** A server's place in a network: the address asked for, or the first free one. */
export function joinNetwork(world: World, network: NetworkRecord, server: ServerRecord, wanted?: string): PrivateNet {
  requireApart(world, network, server);
  const ip = wanted ?? firstFree(world, network);
  if (wanted !== undefined && !isFree(world, network, IpRange.number(wanted))) {
    throw new ApiError(422, "ip_not_available", `IP ${wanted} is not available in network ${network.id}`);
  }
  if (ip === undefined) {
    throw new ApiError(422, "no_subnet_available", `network ${network.id} has no subnet with a free IP`);
  }
  return { network: network.id, ip, alias_ips: [], mac_address: newMac("86", world.store.newId()) };
}

function requireApart(world: World, network: NetworkRecord, server: ServerRecord): void {
  const range = IpRange.parse(network.ip_range);
  for (const { network: id } of server.privateNets) {
    const other = IpRange.parse(world.state.networks.find((candidate) => candidate.id === id)?.ip_range ?? "");
    if (range && other?.overlaps(range)) {
      throw new ApiError(422, "networks_overlap", `network ${network.id} overlaps with network ${id} of the server`);
    }
  }
}

function firstFree(world: World, network: NetworkRecord): string | undefined {
  for (const { ip_range } of network.subnets) {
    const range = IpRange.parse(ip_range);
    for (let n = range?.first ?? 1; n <= (range?.last ?? 0); n++) {
      if (isFree(world, network, n)) return IpRange.text(n);
    }
  }
  return undefined;
}

/** Inside a subnet, none of its ends, not the network's gateway, not the router, and nobody's. */
function isFree(world: World, network: NetworkRecord, n: number | undefined): boolean {
  const gateway = (IpRange.parse(network.ip_range)?.first ?? 0) + 1;
  if (n === undefined || n === gateway || n === ROUTER) return false;
  const inside = network.subnets.some(({ ip_range }) => {
    const range = IpRange.parse(ip_range);
    return range !== undefined && range.first < n && n < range.last;
  });
  const places = world.state.servers.flatMap((server) => server.privateNets);
  const text = IpRange.text(n);
  return (
    inside && !places.some((place) => place.network === network.id && [place.ip, ...place.alias_ips].includes(text))
  );
}
