import type { BridgeArgs } from "../model/args";
import type { Draft } from "./draft";

/** What a private network needs of the host: its interface there, with its address, wide enough. Before anything is changed. */
export function privateChecks(draft: Draft, { privateNetwork, mtu }: BridgeArgs): void {
  if (privateNetwork === undefined) return;
  const { macAddress: mac, address, network = "-" } = privateNetwork;
  draft.add({ verb: "private_link", mac, address, network, mtu: mtu ?? "-" });
}
