import { ApiError } from "../http/api-error";
import type { State } from "../state/state";
import { IpRange } from "./ip-range";
import type { NetworkRecord } from "../records/network-record";

/** Throws when the network overlaps with one that the server is in. */
export function requireApart(state: State, network: NetworkRecord, joined: { network: number }[]): void {
  const range = IpRange.parse(network.ip_range);
  for (const { network: id } of joined) {
    const other = IpRange.parse(state.networks.find((candidate) => candidate.id === id)?.ip_range ?? "");
    if (range && other?.overlaps(range)) {
      throw new ApiError(422, "networks_overlap", `network ${network.id} overlaps with network ${id} of the server`);
    }
  }
}
