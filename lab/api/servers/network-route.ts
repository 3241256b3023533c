import type { ActionPlan } from "../actions/action-plan";
import { ApiError } from "../http/api-error";
import type { Call } from "../http/call";
import { Fields } from "../http/fields";
import { joinNetwork } from "../networks/join-network";
import type { NetworkRecord } from "../networks/network-record";
import type { World } from "../world";
import type { PrivateNet } from "./private-net";
import { serverPlan } from "./server-plan";
import type { ServerRecord } from "./server-record";

type Planner = (call: Call, world: World, server: ServerRecord) => ActionPlan;

/** Networks are state of the API only: no second network card appears in the server. */
export const networkRoute: Record<"attach_to_network" | "detach_from_network" | "change_alias_ips", Planner> = {
  attach_to_network: (call, world, server) => {
    const fields = new Fields(call.body);
    const network = readNetwork(fields, world);
    const ip = fields.string("ip");
    const aliases = strings(fields, "alias_ips");
    fields.check();
    if (server.privateNets.some((net) => net.network === network.id)) {
      throw new ApiError(422, "server_already_attached", "server is already attached to this network");
    }
    const place = { ...joinNetwork(world, network, server, ip), alias_ips: aliases };
    return plan(world, server, network, "attach_to_network", () => {
      server.privateNets.push(place);
    });
  },
  detach_from_network: (call, world, server) => {
    const fields = new Fields(call.body);
    const network = readNetwork(fields, world);
    fields.check();
    const place = attached(server, network);
    return plan(world, server, network, "detach_from_network", () => {
      server.privateNets = server.privateNets.filter((net) => net !== place);
    });
  },
  change_alias_ips: (call, world, server) => {
    const fields = new Fields(call.body);
    const network = readNetwork(fields, world);
    const aliases = strings(fields, "alias_ips");
    fields.check();
    const place = attached(server, network);
    return plan(world, server, network, "change_alias_ips", () => {
      place.alias_ips = aliases;
    });
  },
};

function plan(
  world: World,
  server: ServerRecord,
  network: NetworkRecord,
  command: string,
  work: () => void,
): ActionPlan {
  const resources = [
    { id: server.id, type: "server" },
    { id: network.id, type: "network" },
  ];
  return serverPlan(world, server, { command, resources, work });
}

function readNetwork(fields: Fields, world: World): NetworkRecord {
  const wanted = fields.integer("network");
  const network = world.state.networks.find(({ id }) => id === wanted);
  if (!network) fields.reject("network", wanted ? `network ${wanted} not found` : "missing data for required field");
  fields.check();
  return network as NetworkRecord;
}

function attached(server: ServerRecord, network: NetworkRecord): PrivateNet {
  const place = server.privateNets.find((net) => net.network === network.id);
  if (!place) throw ApiError.invalid("network", `server is not attached to network ${network.id}`);
  return place;
}

function strings(fields: Fields, name: string): string[] {
  return fields.list(name).filter((entry) => typeof entry === "string");
}
