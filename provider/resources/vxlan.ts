import * as pulumi from "@pulumi/pulumi";
import { NspawnError } from "../errors";
import { canonicalAddress, familyOf } from "../model/address";
import { addressOf } from "../model/allocation";
import type { WireguardArgs } from "../model/args";
import { meshOverheadOf } from "../model/mesh";
import { privateMtu } from "../model/private-relations";
import { notPublic } from "../model/public-host";
import { overheadOf } from "../model/vxlan";
import type { Host } from "./host";
import { isEncrypted, meshOf } from "./mesh";
import { derived, madeOf } from "./refusals";
import type { ArgumentNames } from "./unknown-arguments";
import { isHost, isPeer, whose, type BridgeVxlanArgs } from "./vxlan-peer";

export const vxlanNames: ArgumentNames<BridgeVxlanArgs> = {
  ...{ id: true, peers: true, port: true, underlay: true, encrypt: true, wireguardPort: true },
};

/** What the arguments stand for. */
export interface Tunnel {
  id: number;
  local: string;
  peers: string[];
  port?: number;
  wireguard?: WireguardArgs;
}

const words = ["ipv4", "ipv6"];

/** The tunnel with addresses in the place of hosts. Errors: `NSPAWN_INVALID_INPUT`. */
export function tunnelOf(host: Host, args: BridgeVxlanArgs): pulumi.Output<Tunnel> {
  const { id, peers, port, underlay = "ipv4" } = args;
  madeOf(whose(host), () => refusePeers(host, peers));
  return derived(whose(host), underlay, (way) => {
    const ends = peers.map((peer, index) => addressOfPeer(peer, way, index));
    const local = words.includes(way) ? ownAddress(host, way, "vxlan.underlay") : pulumi.output(way);
    return pulumi
      .all([id, local, pulumi.all(ends), port, meshOf(host, args)])
      .apply(([number, from, to, given, wireguard]) => ({
        ...{ id: number, local: from, peers: to },
        ...(given === undefined ? {} : { port: given }),
        ...(wireguard === undefined ? {} : { wireguard }),
      }));
  });
}

function refusePeers(host: Host, peers: BridgeVxlanArgs["peers"]): void {
  if (!Array.isArray(peers)) throw invalid("vxlan.peers", "must be a list of the other hosts, or of their addresses");
  const self = peers.findIndex((peer) => isHost(peer) && peer.ref.id === host.ref.id);
  if (self !== -1) throw invalid(`vxlan.peers[${self}]`, "is this host itself; peers are the other hosts");
}

function addressOfPeer(peer: BridgeVxlanArgs["peers"][number], way: string, index: number): pulumi.Output<string> {
  if (isPeer(peer)) return pulumi.output(peer.address);
  if (!isHost(peer)) return pulumi.output(peer);
  const path = `vxlan.peers[${index}]`;
  if (words.includes(way)) return ownAddress(peer, way, path);
  throw invalid(
    path,
    `must be the address of that host on the network of underlay ${way}, as text, or { address, wireguardKey } with encrypt`,
  );
}

function ownAddress(host: Host, family: string, path: string): pulumi.Output<string> {
  const name = host.ref.id.replace(/^.*\//, "");
  const own: pulumi.Output<string | undefined> =
    family === "ipv4"
      ? host.ipv4
      : host.ipv6Network.apply((network) => (network === undefined ? undefined : addressOf(network, 1)));
  return derived(whose(host), own, (address): string => {
    if (address !== undefined) return address;
    const other = family === "ipv4" ? "ipv6" : "ipv4";
    throw invalid(
      path,
      `the host ${name} has no ${family} that is known; give underlay: "${other}", or addresses as text`,
    );
  });
}

const invalid = (path: string, message: string): NspawnError =>
  new NspawnError("NSPAWN_INVALID_INPUT", `${path} ${message}`, { path });

/** Bytes of a packet on a link; Hetzner's private networks have fewer. */
const usual = 1500;

/** Bytes that a frame may have where the program says nothing: what a packet of the underlay has room for. */
export function tunnelMtu(host: Host, args: BridgeVxlanArgs): pulumi.Output<number> {
  return pulumi.all([args.underlay ?? "ipv4", isEncrypted(host, args)]).apply(([way, encrypted]) => {
    const overhead = encrypted ? meshOverheadOf : overheadOf;
    if (way === "ipv4" || way === "ipv6") return usual - overhead(way);
    // The check says what is wrong with one that is no address.
    const local = canonicalAddress(way) ?? "0.0.0.0";
    return (host.server !== undefined && isPrivate(local) ? privateMtu : usual) - overhead(familyOf(local));
  });
}

const isPrivate = (address: string): boolean => notPublic(address) !== undefined;

/** What stands for the segment where its addresses are given out. */
export const segmentOf = (id: number): string => `VXLAN ${id}`;

/** Says once in each run that nothing encrypts a tunnel over the internet, unless something does. */
export function warnOfPlainText(
  tunnel: pulumi.Output<Tunnel>,
  host: Host,
  args: BridgeVxlanArgs,
  on: pulumi.Resource,
): void {
  const warn = (peers: string): void =>
    void pulumi.log.warn(
      `the packets of VXLAN ${typeof args.id === "number" ? args.id : "networks"} to ${peers} cross the internet as plain text, and whoever forges a peer's address there can send into the network: let its programs encrypt and authenticate (TLS, SSH), say encrypt: "wireguard", or use a private network between the hosts as underlay`,
      on,
    );
  const { underlay = "ipv4", encrypt } = args;
  if (encrypt !== undefined) return;
  // A server of the cloud that is not there yet: its own addresses are public, whatever they are going to be.
  if (host.server !== undefined && typeof underlay === "string" && words.includes(underlay)) {
    warn("its peers");
    return;
  }
  tunnel.apply(({ peers }) => {
    const open = peers.filter((peer) => canonicalAddress(peer) !== undefined && !isPrivate(peer));
    if (open.length > 0) warn(open.join(", "));
  });
}
