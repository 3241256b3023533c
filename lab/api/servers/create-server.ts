import { actionView } from "../actions/action-view";
import type { ActionRecord } from "../records/action-record";
import type { Call } from "../http/call";
import type { Reply } from "../http/reply";
import { requireFewOrdered } from "../firewalls/target-errors";
import { joinNetwork } from "../networks/join-network";
import type { NetworkRecord } from "../records/network-record";
import { networkSpec } from "../networks/network-spec";
import { requireApart } from "../networks/require-apart";
import { requireRoom } from "../placement-groups/require-room";
import { newPrimaryIp } from "../addresses/new-primary-ip";
import { requireUnique } from "../shared/require-unique";
import type { World } from "../world";
import { bootPlan } from "./boot-plan";
import { requireVolumes } from "./require-volumes";
import { newMac } from "./new-mac";
import { readOrder } from "./read-order";
import { requireBootable, requireSold } from "./require-available";
import { requirePrimaryIps } from "./require-primary-ips";
import type { ServerOrder } from "./server-order";
import { serverPlan } from "./server-plan";
import type { ServerRecord } from "../records/server-record";
import { serverSpec } from "./server-spec";
import { serverView } from "./server-view";

/** `POST /servers`. The root password is always null: servers of the lab let in keys only. */
export function createServer(call: Call, world: World): Reply {
  const order = readOrder(call, world);
  requireUnique(world.state.servers, order.name);
  requireSold(order.type, order.location, "invalid_input");
  requireBootable(order.image);
  requirePrimaryIps(world, order);
  requireFewOrdered(order.firewalls);
  if (order.placementGroup !== null) requireRoom(world.state, order.placementGroup);
  requireVolumes(world, order);
  const server = register(world, order);
  const action = world.actions.start(
    serverPlan(world, server, {
      command: "create_server",
      work: async () => {
        await world.backend.create(serverSpec(world, server));
        for (const network of order.networks) await world.backend.network(networkSpec(world, network));
        server.status = "off";
      },
      failed: () => {
        server.status = "off";
      },
    }),
    call.actionFault,
  );
  const next: ActionRecord[] = [];
  if (order.start) {
    next.push(world.actions.start(bootPlan(world, server, "start_server", action), call.actionFault));
  }
  return {
    status: 201,
    body: {
      server: serverView(world, server),
      action: actionView(action),
      next_actions: next.map(actionView),
      root_password: null,
    },
  };
}

function register(world: World, order: ServerOrder): ServerRecord {
  const id = world.store.newId();
  const server: ServerRecord = {
    id,
    name: order.name,
    status: "initializing",
    created: world.now(),
    serverType: order.type.id,
    image: order.image.id,
    location: order.location.id,
    primaryDiskSize: order.type.disk,
    macAddress: newMac("96", id),
    sshKeys: order.sshKeys,
    userData: order.userData,
    privateNets: [],
    placementGroup: order.placementGroup,
    backupWindow: null,
    protection: { delete: false, rebuild: false },
    labels: order.labels,
  };
  for (const network of order.networks) joinAtOnce(world, server, network);
  for (const family of ["ipv4", "ipv6"] as const) addAddress(world, order, server, family);
  for (const volume of order.volumes) volume.server = id;
  for (const firewall of order.firewalls) firewall.appliedTo.push({ type: "server", server: { id } });
  world.state.servers.push(server);
  return server;
}

function joinAtOnce(world: World, server: ServerRecord, network: NetworkRecord): void {
  requireApart(world.state, network, server.privateNets);
  const ip = joinNetwork(world, network, server.location);
  const mac = newMac("86", world.store.newId());
  server.privateNets.push({ network: network.id, ip, alias_ips: [], mac_address: mac });
}

function addAddress(world: World, order: ServerOrder, server: ServerRecord, family: "ipv4" | "ipv6"): void {
  const choice = order[family];
  if (choice === "none") return;
  const ip = choice === "new" ? newPrimaryIp(world, family, order.location.id, { autoDelete: true }) : choice;
  ip.assignee = server.id;
}
