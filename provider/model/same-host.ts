import type { CommonArgs, ConnectionArgs } from "./args";

type Placed = Pick<CommonArgs, "host" | "connection">;

/**
 * Whether two resources are on one host. Which machine it is decides; `host.id` is a name, which a renamed stack, project or
 * resource changes. Behind two jump hosts one address is two machines: there the names have to be the same as well.
 */
export function isSameHost(one: Placed, other: Placed): boolean {
  if (one.host.instance !== other.host.instance) return false;
  return one.host.id === other.host.id || jumps(one.connection) === jumps(other.connection);
}

function jumps(connection?: ConnectionArgs): string {
  const proxy = connection?.proxy;
  return proxy === undefined ? "" : `${proxy.host}:${proxy.port} ${jumps(proxy)}`;
}
