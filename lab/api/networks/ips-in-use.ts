import type { State } from "../state/state";

/** Every address that somebody has in a network, aliases included. */
export function ipsInUse(state: State, network: number): string[] {
  const servers = state.servers.flatMap((server) => server.privateNets).filter((place) => place.network === network);
  const balancers = state.loadBalancers.flatMap(({ privateNet }) => privateNet ?? []);
  return [
    ...servers.flatMap(({ ip, alias_ips }) => [ip, ...alias_ips]),
    ...balancers.filter((place) => place.network === network).map(({ ip }) => ip),
  ];
}
