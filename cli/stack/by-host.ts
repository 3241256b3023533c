import type { Machine } from "./machines";

/** Machines by their hosts, each of which is looked at over one connection. */
export function byHost(machines: Machine[]): Machine[][] {
  const hosts = new Map<string, Machine[]>();
  for (const machine of machines) {
    const key = `${machine.stack} ${machine.hostId}`;
    hosts.set(key, [...(hosts.get(key) ?? []), machine]);
  }
  return [...hosts.values()];
}
