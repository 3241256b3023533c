import { serverLock } from "../servers/server-lock";
import type { World } from "../world";

/** What the API holds, without secrets: for people and for tests that want it empty. */
export function stateSummary(world: World): Record<string, unknown> {
  const { state, actions } = world;
  const named = (rows: { id: number; name: string }[]): unknown => rows.map(({ id, name }) => ({ id, name }));
  const kinds = [
    "servers",
    "floatingIps",
    "primaryIps",
    "sshKeys",
    "networks",
    "firewalls",
    "placementGroups",
    "volumes",
    "certificates",
    "zones",
    "loadBalancers",
    "images",
  ] as const;
  return {
    empty: kinds.every((kind) => state[kind].length === 0),
    servers: state.servers.map((server) => ({
      id: server.id,
      name: server.name,
      status: server.status,
      locked: actions.isLocked(serverLock(server.id)),
      addresses: state.primaryIps.filter((ip) => ip.assignee === server.id).map(({ ip }) => ip),
    })),
    floating_ips: state.floatingIps.map(({ id, name, ip, server }) => ({ id, name, ip, server })),
    primary_ips: state.primaryIps.map(({ id, name, ip, assignee }) => ({ id, name, ip, assignee })),
    ssh_keys: named(state.sshKeys),
    networks: named(state.networks),
    firewalls: named(state.firewalls),
    placement_groups: named(state.placementGroups),
    volumes: named(state.volumes),
    certificates: named(state.certificates),
    zones: named(state.zones),
    load_balancers: named(state.loadBalancers),
    images: state.images.map(({ id, type, description }) => ({ id, type, description })),
    running_actions: state.actions
      .filter(({ status }) => status === "running")
      .map(({ id, command, resources }) => ({ id, command, resources })),
  };
}
