import { actionView } from "../actions/action-view";
import { ApiError } from "../http/api-error";
import type { Call } from "../http/call";
import { Fields } from "../http/fields";
import { listReply } from "../http/list-reply";
import type { Reply } from "../http/reply";
import type { Route } from "../routing/route";
import { leaveNetwork } from "./leave-network";
import { findRow } from "../shared/find-row";
import { NAME } from "../shared/name-length";
import { readLabels } from "../shared/read-labels";
import { rename } from "../shared/rename";
import { requireUnique } from "../shared/require-unique";
import type { World } from "../world";
import { networkChanges } from "./network-changes";
import type { NetworkRecord } from "../records/network-record";
import { networkView } from "./network-view";
import { networkSpec } from "./network-spec";
import { readRange } from "./read-range";
import { readSpace } from "./read-space";

export const networkRoutes: Route[] = [
  {
    method: "GET",
    path: "/networks",
    handle: (call, world) => {
      const rows = world.state.networks.map((network) => networkView(world, network));
      return listReply(call, "networks", rows, world.options.maxPerPage);
    },
  },
  { method: "POST", path: "/networks", handle: create },
  { method: "GET", path: "/networks/:id", handle: (call, world) => shown(world, find(call, world)) },
  { method: "PUT", path: "/networks/:id", handle: update },
  { method: "DELETE", path: "/networks/:id", handle: remove },
  ...Object.entries(networkChanges).map(([name, change]): Route => ({
    method: "POST",
    path: `/networks/:id/actions/${name}`,
    handle: (call, world) => {
      const network = find(call, world);
      const locks = [`network:${network.id}`];
      world.actions.assertFree(locks);
      const make = change(call, world, network);
      const work = async (): Promise<void> => {
        make();
        await world.backend.network(networkSpec(world, network));
      };
      const resources = [{ id: network.id, type: "network" }];
      const action = world.actions.start({ command: name, resources, locks, work }, call.actionFault);
      return { status: 201, body: { action: actionView(action) } };
    },
  })),
];

function find(call: Call, world: World): NetworkRecord {
  return findRow(world.state.networks, call.params["id"], "network");
}

function shown(world: World, network: NetworkRecord): Reply {
  return { status: 200, body: { network: networkView(world, network) } };
}

function create(call: Call, world: World): Reply {
  const fields = new Fields(call.body);
  const name = fields.required("name", { max: NAME });
  readRange(fields);
  const labels = readLabels(fields) ?? {};
  const expose = fields.boolean("expose_routes_to_vswitch") ?? false;
  const space = readSpace(fields);
  fields.check();
  requireUnique(world.state.networks, name);
  const network: NetworkRecord = {
    id: world.store.newId(),
    name,
    ...space,
    expose_routes_to_vswitch: expose,
    protection: { delete: false },
    labels,
    created: world.now(),
  };
  world.state.networks.push(network);
  return { status: 201, body: { network: networkView(world, network) } };
}

function update(call: Call, world: World): Reply {
  const network = find(call, world);
  world.actions.assertUnchanged("network", network.id);
  const fields = new Fields(call.body);
  const expose = fields.boolean("expose_routes_to_vswitch");
  rename(fields, world.state.networks, network);
  network.expose_routes_to_vswitch = expose ?? network.expose_routes_to_vswitch;
  return shown(world, network);
}

/** Servers and load balancers in it leave it. */
async function remove(call: Call, world: World): Promise<Reply> {
  const network = find(call, world);
  if (network.protection.delete) throw ApiError.isProtected("network");
  world.actions.assertFree([`network:${network.id}`]);
  await world.backend.dropNetwork(network.id);
  for (const server of world.state.servers) {
    server.privateNets = server.privateNets.filter((net) => net.network !== network.id);
  }
  for (const balancer of world.state.loadBalancers) {
    if (balancer.privateNet?.network === network.id) leaveNetwork(balancer);
  }
  world.state.networks = world.state.networks.filter((other) => other !== network);
  return { status: 204 };
}
