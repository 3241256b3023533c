import type { NetworkSpec } from "../../backend";
import type { NetworkRecord } from "../records/network-record";
import type { World } from "../world";
import { IpRange } from "./ip-range";

/** A network as the backend needs it. */
export function networkSpec({ state }: World, network: NetworkRecord): NetworkSpec {
  const members = state.servers.flatMap(({ id, privateNets }) =>
    privateNets
      .filter((place) => place.network === network.id)
      .map(({ ip, alias_ips, mac_address }) => ({
        ...{ server: id, ip, aliasIps: alias_ips, macAddress: mac_address },
        subnet: subnetOf(network, ip),
      })),
  );
  const { id, name, ip_range, routes } = network;
  return { id, name, ipRange: ip_range, routes, members };
}

const subnetOf = ({ subnets, ip_range }: NetworkRecord, ip: string): string =>
  subnets.find((subnet) => IpRange.parse(subnet.ip_range)?.includes(IpRange.number(ip) ?? -1))?.ip_range ?? ip_range;
