import * as pulumi from "@pulumi/pulumi";
import { NspawnError } from "../errors";
import type { WireguardArgs } from "../model/args";
import type { Host } from "./host";
import { derived } from "./refusals";
import { isHost, isPeer, whose, type BridgeVxlanArgs } from "./vxlan-peer";

/** Whether packets are in WireGuard. Errors: `NSPAWN_INVALID_INPUT`. */
export const isEncrypted = (host: Host, { encrypt }: BridgeVxlanArgs): pulumi.Output<boolean> =>
  derived(whose(host), encrypt, isWireguard);

/** The keys of a mesh: what each host made for itself and tells the others. Errors: `NSPAWN_INVALID_INPUT`. */
export function meshOf(host: Host, args: BridgeVxlanArgs): pulumi.Output<WireguardArgs | undefined> {
  const { peers, wireguardPort } = args;
  return isEncrypted(host, args).apply((encrypted): pulumi.Output<WireguardArgs | undefined> => {
    if (!encrypted) return derived(whose(host), wireguardPort, (port) => withoutKeys(port, peers));
    const keys = peers.map((peer, index) => peerKey(host, peer, index));
    return pulumi
      .all([ownKey(host, "vxlan.encrypt"), pulumi.all(keys), wireguardPort])
      .apply(([key, others, port]) => ({ key, peers: others, ...(port === undefined ? {} : { port }) }));
  });
}

type Peer = BridgeVxlanArgs["peers"][number];

function peerKey(host: Host, peer: Peer, index: number): pulumi.Output<string> {
  const path = `vxlan.peers[${index}]`;
  if (isPeer(peer)) return pulumi.output(peer.wireguardKey);
  return isHost(peer) ? ownKey(peer, path) : derived(whose(host), "", () => keyless(path));
}

const ownKey = (host: Host, path: string): pulumi.Output<string> =>
  derived(whose(host), host.wireguardKey, (key) => keyOf(host.ref.id.replace(/^.*\//, ""), key, path));

/** @throws NSPAWN_INVALID_INPUT */
export function isWireguard(word: unknown): boolean {
  if (word === undefined || word === "wireguard") return word !== undefined;
  throw invalid("vxlan.encrypt", `must be "wireguard", or left out (got ${JSON.stringify(word)})`);
}

/** What means nothing without encryption would let who wrote it believe in it. @throws NSPAWN_INVALID_INPUT */
export function withoutKeys(port: number | undefined, peers: Peer[]): undefined {
  if (port !== undefined) throw invalid("vxlan.wireguardPort", 'needs encrypt: "wireguard"');
  const keyed = peers.findIndex(isPeer);
  if (keyed !== -1) throw invalid(`vxlan.peers[${keyed}].wireguardKey`, 'needs encrypt: "wireguard"');
}

/** What a host of that name has told. @throws NSPAWN_INVALID_INPUT */
export function keyOf(name: string, key: string | undefined, path: string): string {
  if (key !== undefined && key !== "") return key;
  throw invalid(path, `needs a key of the host ${name}, which has none: give its NspawnHost wireguard: true`);
}

/** @throws NSPAWN_INVALID_INPUT */
export function keyless(path: string): never {
  throw invalid(path, "must be a host, or { address, wireguardKey }: with encrypt a peer is known by its key");
}

const invalid = (path: string, message: string): NspawnError =>
  new NspawnError("NSPAWN_INVALID_INPUT", `${path} ${message}`, { path });
