import type { ActionPlan } from "../actions/action-plan";
import { ApiError } from "../http/api-error";
import type { Call } from "../http/call";
import { Fields } from "../http/fields";
import { dropServer } from "../load-balancers/drop-server";
import { joinNetwork, requireAliases } from "../networks/join-network";
import type { NetworkRecord } from "../records/network-record";
import { networkSpec } from "../networks/network-spec";
import { readIps } from "../networks/read-ips";
import { readPlace } from "../networks/read-place";
import { requireApart } from "../networks/require-apart";
import { readReference } from "../shared/read-reference";
import type { World } from "../world";
import { newMac } from "./new-mac";
import type { PrivateNet } from "../records/private-net";
import { serverPlan } from "./server-plan";
import type { ServerRecord } from "../records/server-record";

type Planner = (call: Call, world: World, server: ServerRecord) => ActionPlan;

/** Each ends when the interface is there, or gone, and the network's router knows of it. */
export const networkRoute: Record<"attach_to_network" | "detach_from_network" | "change_alias_ips", Planner> = {
  attach_to_network: (call, world, server) => {
    const fields = new Fields(call.body);
    const network = readReference(fields, "network", world.state.networks);
    const place = readPlace(fields);
    const aliases = readIps(fields, "alias_ips");
    fields.check();
    if (server.privateNets.some((net) => net.network === network.id)) {
      throw new ApiError(422, "server_already_attached", "server is already attached to this network");
    }
    requireApart(world.state, network, server.privateNets);
    const wanted = joinNetwork(world, network, server.location, place);
    requireAliases(world, network, server.location, [wanted, ...aliases], []);
    return plan(world, server, network, "attach_to_network", () => {
      // Chosen again now: others may have joined meanwhile.
      const ip = joinNetwork(world, network, server.location, place);
      const mac = newMac("86", world.store.newId());
      server.privateNets.push({ network: network.id, ip, alias_ips: aliases, mac_address: mac });
    });
  },
  detach_from_network: (call, world, server) => {
    const fields = new Fields(call.body);
    const network = readReference(fields, "network", world.state.networks);
    const place = attached(server, network);
    return plan(world, server, network, "detach_from_network", () => {
      server.privateNets = server.privateNets.filter((net) => net !== place);
      dropServer(world.state, server.id, network.id);
    });
  },
  change_alias_ips: (call, world, server) => {
    const fields = new Fields(call.body);
    fields.require("alias_ips");
    const aliases = readIps(fields, "alias_ips");
    const network = readReference(fields, "network", world.state.networks);
    const place = attached(server, network);
    requireAliases(world, network, server.location, aliases, place.alias_ips);
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
  change: () => void,
): ActionPlan {
  const resources = [
    { id: server.id, type: "server" },
    { id: network.id, type: "network" },
  ];
  const work = async (): Promise<void> => {
    change();
    await world.backend.network(networkSpec(world, network));
  };
  return serverPlan(world, server, { command, resources, work });
}

function attached(server: ServerRecord, network: NetworkRecord): PrivateNet {
  const place = server.privateNets.find((net) => net.network === network.id);
  if (!place) throw ApiError.invalid("network", `server is not attached to network ${network.id}`);
  return place;
}
