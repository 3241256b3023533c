import type { State } from "./state";

/** Ids begin above those of the catalog. */
export function emptyState(): State {
  return {
    version: 1,
    nextId: 100001,
    cursors: {},
    actions: [],
    servers: [],
    floatingIps: [],
    primaryIps: [],
    sshKeys: [],
    networks: [],
    firewalls: [],
    placementGroups: [],
    volumes: [],
    certificates: [],
    zones: [],
    loadBalancers: [],
    images: [],
  };
}
