import { findRow } from "../shared/find-row";
import { locations } from "../catalog/locations";
import { ApiError } from "../http/api-error";
import type { World } from "../world";
import { IpRange } from "./ip-range";
import { ipsInUse } from "./ips-in-use";
import type { NetworkRecord } from "../records/network-record";
import { ROUTER } from "./reserved";

/** Where in a network a place is wanted. */
export interface Place {
  /** An address of a subnet in the zone; else the first free one is taken. */
  ip?: string;
  /** The subnet, as it was written when it was made. */
  ipRange?: string;
}

type Subnet = NetworkRecord["subnets"][number];

/**
 * The address that something in this location gets in a network: the one asked for, or the first free one of the subnets that belong to
 * the location's network zone. Throws `no_subnet_available` or `ip_not_available`.
 */
export function joinNetwork(world: World, network: NetworkRecord, location: number, place: Place = {}): string {
  const subnets = reachable(network, location, place);
  if (subnets.length === 0) throw noSubnet(network, place);
  const isFree = freeIn(world, network, subnets);
  if (place.ip !== undefined) {
    if (isFree(IpRange.number(place.ip))) return place.ip;
    throw new ApiError(422, "ip_not_available", `IP ${place.ip} is not available in network ${network.id}`);
  }
  const first = firstFree(subnets, isFree);
  if (first === undefined) throw noSubnet(network, place);
  return first;
}

function firstFree(subnets: Subnet[], isFree: (n: number) => boolean): string | undefined {
  for (const { ip_range } of subnets) {
    const range = IpRange.parse(ip_range);
    for (let n = range?.first ?? 1; n <= (range?.last ?? 0); n++) if (isFree(n)) return IpRange.text(n);
  }
  return undefined;
}

/** Throws unless every alias is free in the network; `own` are the addresses that the server has there already. */
export function requireAliases(
  world: World,
  network: NetworkRecord,
  location: number,
  aliases: string[],
  own: string[],
): void {
  const isFree = freeIn(world, network, reachable(network, location, {}), own);
  const taken = aliases.find((text, index) => !isFree(IpRange.number(text)) || aliases.indexOf(text) !== index);
  if (taken === undefined) return;
  throw new ApiError(422, "ip_not_available", `alias IP ${taken} is not available in network ${network.id}`);
}

function noSubnet(network: NetworkRecord, { ipRange }: Place): ApiError {
  const where = ipRange === undefined ? "no subnet with a free IP" : `no subnet ${ipRange} with a free IP`;
  return new ApiError(422, "no_subnet_available", `network ${network.id} has ${where} in this network zone`);
}

/** Servers and load balancers live in the cloud's subnets, not in those of a vSwitch. */
function reachable(network: NetworkRecord, location: number, { ipRange }: Place): Subnet[] {
  const zone = findRow(locations, location, "location").network_zone;
  return network.subnets.filter(
    (subnet) =>
      subnet.type === "cloud" &&
      subnet.network_zone === zone &&
      (ipRange === undefined || IpRange.isSame(subnet.ip_range, ipRange)),
  );
}

/** Inside one of the subnets, none of its ends, not the network's gateway, not the router, and nobody's. */
function freeIn(
  world: World,
  network: NetworkRecord,
  subnets: Subnet[],
  own: string[] = [],
): (n: number | undefined) => boolean {
  const gateway = (IpRange.parse(network.ip_range)?.first ?? 0) + 1;
  const used = new Set(ipsInUse(world.state, network.id).filter((ip) => !own.includes(ip)));
  const ranges = subnets.flatMap(({ ip_range }) => IpRange.parse(ip_range) ?? []);
  return (n) =>
    n !== undefined &&
    n !== gateway &&
    n !== ROUTER &&
    ranges.some(({ first, last }) => first < n && n < last) &&
    !used.has(IpRange.text(n));
}
