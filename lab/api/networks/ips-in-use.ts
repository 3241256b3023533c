import type { State } from "../state/state";

/** Every address that somebody has in a network, aliases included. */
export function ipsInUse(state: State, network: number): string[] {
  const places = state.servers.flatMap((server) => server.privateNets);
  return places.filter((place) => place.network === network).flatMap(({ ip, alias_ips }) => [ip, ...alias_ips]);
}
