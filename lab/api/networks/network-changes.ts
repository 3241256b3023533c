import { ApiError } from "../http/api-error";
import type { Call } from "../http/call";
import { Fields } from "../http/fields";
import type { World } from "../world";
import { IpRange } from "./ip-range";
import type { NetworkRecord } from "../records/network-record";
import { readRange } from "./read-range";
import { readRoute } from "./read-route";
import { readSubnet } from "./read-subnet";

/** Checks the request and returns what the action is to do. */
type Change = (call: Call, world: World, network: NetworkRecord) => () => void;

/** The actions of a network, by their path. */
export const networkChanges: Record<string, Change> = {
  add_subnet: (call, _world, network) => {
    const { subnet, fields } = readSubnet(call.body, network);
    fields.check();
    return () => {
      network.subnets.push(subnet);
    };
  },
  delete_subnet: (call, world, network) => {
    const fields = new Fields(call.body);
    const range = fields.required("ip_range");
    fields.check();
    const subnet = network.subnets.find(({ ip_range }) => IpRange.isSame(ip_range, range));
    if (!subnet) throw new ApiError(404, "not_found", `subnet '${range}' not found`);
    // Clients look for these words, and try again.
    if (isInUse(world, network, range)) throw new ApiError(500, "service_error", "servers are attached to this subnet");
    return () => {
      network.subnets = network.subnets.filter((other) => other !== subnet);
    };
  },
  add_route: (call, _world, network) => {
    const { route, fields } = readRoute(call.body, network);
    fields.check();
    return () => {
      network.routes.push(route);
    };
  },
  delete_route: (call, _world, network) => {
    const fields = new Fields(call.body);
    const [destination, gateway] = [fields.required("destination"), fields.required("gateway")];
    fields.check();
    const route = network.routes.find((r) => r.destination === destination && r.gateway === gateway);
    if (!route) throw new ApiError(404, "not_found", `route '${destination}' not found`);
    return () => {
      network.routes = network.routes.filter((other) => other !== route);
    };
  },
  change_protection: (call, _world, network) => {
    const fields = new Fields(call.body);
    const wanted = fields.boolean("delete") ?? network.protection.delete;
    fields.check();
    return () => {
      network.protection = { delete: wanted };
    };
  },
  change_ip_range: (call, _world, network) => {
    const fields = new Fields(call.body);
    const range = readRange(fields);
    const old = IpRange.parse(network.ip_range);
    if (range && old && !(range.first === old.first && range.holds(old))) {
      fields.reject("ip_range", `has to begin as ${network.ip_range} does, and to be as large or larger`);
    }
    fields.check();
    return () => {
      network.ip_range = String(call.body["ip_range"]);
    };
  },
};

/** Whether a server or a load balancer has its address there. */
function isInUse({ state }: World, network: NetworkRecord, text: string): boolean {
  const range = IpRange.parse(text);
  return [
    ...state.servers.flatMap(({ privateNets }) => privateNets),
    ...state.loadBalancers.flatMap((b) => b.privateNet ?? []),
  ].some((place) => {
    const n = IpRange.number(place.ip) ?? -1;
    return place.network === network.id && range?.includes(n) === true;
  });
}
