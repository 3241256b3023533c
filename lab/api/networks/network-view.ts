import type { World } from "../world";
import { IpRange } from "./ip-range";
import type { NetworkRecord } from "../records/network-record";

type View = Record<string, unknown> & Pick<NetworkRecord, "id" | "name" | "labels">;

/** A network as the API shows it; the gateway of every subnet is the first address of the network. */
export function networkView(world: World, network: NetworkRecord): View {
  const gateway = IpRange.text((IpRange.parse(network.ip_range)?.first ?? 0) + 1);
  const members = world.state.servers.filter((server) => server.privateNets.some((net) => net.network === network.id));
  const balancers = world.state.loadBalancers.filter(({ privateNet }) => privateNet?.network === network.id);
  return {
    id: network.id,
    name: network.name,
    ip_range: network.ip_range,
    subnets: network.subnets.map((subnet) => ({ vswitch_id: null, ...subnet, gateway })),
    routes: network.routes,
    servers: members.map(({ id }) => id),
    load_balancers: balancers.map(({ id }) => id),
    protection: network.protection,
    labels: network.labels,
    created: network.created,
    expose_routes_to_vswitch: network.expose_routes_to_vswitch,
  };
}
