import type { ActionPlan } from "../actions/action-plan";
import { dropBackups } from "../images/drop-backups";
import { dropServer } from "../load-balancers/drop-server";
import { networkSpec } from "../networks/network-spec";
import { publicPrefix } from "../addresses/public-prefix";
import type { World } from "../world";
import { serverPlan } from "./server-plan";
import type { ServerRecord } from "../records/server-record";

/** Takes the server and everything that hangs on it away. */
export function deletePlan(world: World, server: ServerRecord): ActionPlan {
  return serverPlan(world, server, {
    command: "delete_server",
    begin: () => {
      server.status = "deleting";
    },
    work: async () => {
      for (const ip of world.state.floatingIps.filter((fip) => fip.server === server.id)) {
        await world.backend.route(publicPrefix(ip), null);
        ip.server = null;
      }
      await world.backend.destroy(server.id);
      const left = world.state.networks.filter(({ id }) => server.privateNets.some(({ network }) => network === id));
      forget(world, server);
      for (const network of left) await world.backend.network(networkSpec(world, network));
    },
  });
}

function forget({ state }: World, server: ServerRecord): void {
  state.primaryIps = state.primaryIps.filter((ip) => ip.assignee !== server.id || !ip.autoDelete);
  for (const ip of state.primaryIps) if (ip.assignee === server.id) ip.assignee = null;
  for (const volume of state.volumes) if (volume.server === server.id) volume.server = null;
  for (const firewall of state.firewalls) {
    firewall.appliedTo = firewall.appliedTo.filter(
      (target) => target.type !== "server" || target.server.id !== server.id,
    );
  }
  dropServer(state, server.id);
  dropBackups(state, server.id);
  state.servers = state.servers.filter((other) => other.id !== server.id);
}
