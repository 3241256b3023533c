import * as pulumi from "@pulumi/pulumi";
import { NspawnError } from "../errors";
import { canonicalAddress, familyOf } from "../model/address";
import { addressOf } from "../model/allocation";
import { privateMtu } from "../model/private-relations";
import { notPublic } from "../model/public-host";
import { overheadOf } from "../model/vxlan";
import type { Host } from "./host";
import { derived, madeOf } from "./refusals";
import type { ArgumentNames } from "./unknown-arguments";

/** The tunnel of a {@link BridgeNetwork} to other hosts: VXLAN, RFC 7348. */
export interface BridgeVxlanArgs {
  /** Number of the network on all hosts, 1 to 16777215. A host has each number once. */
  id: pulumi.Input<number>;
  /**
   * All other hosts on which the network is: hosts, or their addresses. Each of them declares a BridgeNetwork of its own with the
   * same `id` and the others as its peers.
   */
  peers: (Host | pulumi.Input<string>)[];
  /** UDP port, the same on all hosts. Default 4789. */
  port?: pulumi.Input<number>;
  /**
   * What the hosts reach each other by: `ipv4` or `ipv6`, the hosts' own addresses, or an address that this host has on another
   * network, such as a private one at Hetzner; peers are then given as addresses. `ipv6` is the first address of the host's
   * `ipv6Network`. Default `ipv4`.
   */
  underlay?: pulumi.Input<string>;
}

export const vxlanNames: ArgumentNames<BridgeVxlanArgs> = { id: true, peers: true, port: true, underlay: true };

/** What the arguments stand for. */
export interface Tunnel {
  id: number;
  local: string;
  peers: string[];
  port?: number;
}

const words = ["ipv4", "ipv6"];

/** Outputs may be hosts to nobody but the types. */
const isHost = (peer: Host | pulumi.Input<string>): peer is Host =>
  typeof peer === "object" && !pulumi.Output.isInstance(peer) && !(peer instanceof Promise);

/** The tunnel with addresses in the place of hosts. Errors: `NSPAWN_INVALID_INPUT`. */
export function tunnelOf(host: Host, { id, peers, port, underlay = "ipv4" }: BridgeVxlanArgs): pulumi.Output<Tunnel> {
  madeOf(whose(host), () => refusePeers(host, peers));
  return derived(whose(host), underlay, (way) => {
    const ends = peers.map((peer, index) => (isHost(peer) ? peerAddress(peer, way, index) : pulumi.output(peer)));
    const local = words.includes(way) ? ownAddress(host, way, "vxlan.underlay") : pulumi.output(way);
    return pulumi.all([id, local, pulumi.all(ends), port]).apply(([number, from, to, given]) => ({
      ...{ id: number, local: from, peers: to },
      ...(given === undefined ? {} : { port: given }),
    }));
  });
}

function refusePeers(host: Host, peers: BridgeVxlanArgs["peers"]): void {
  if (!Array.isArray(peers)) throw invalid("vxlan.peers", "must be a list of the other hosts, or of their addresses");
  const self = peers.findIndex((peer) => isHost(peer) && peer.ref.id === host.ref.id);
  if (self !== -1) throw invalid(`vxlan.peers[${self}]`, "is this host itself; peers are the other hosts");
}

function peerAddress(peer: Host, way: string, index: number): pulumi.Output<string> {
  const path = `vxlan.peers[${index}]`;
  if (words.includes(way)) return ownAddress(peer, way, path);
  throw invalid(path, `must be the address of that host on the network of underlay ${way}, as text`);
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

const whose = (host: Host): string => `the tunnel of ${host.ref.id.replace(/^.*\//, "")}`;

const invalid = (path: string, message: string): NspawnError =>
  new NspawnError("NSPAWN_INVALID_INPUT", `${path} ${message}`, { path });

/** Bytes of a packet on a link; Hetzner's private networks have fewer. */
const usual = 1500;

/** Bytes that a frame may have where the program says nothing: what a packet of the underlay has room for. */
export function tunnelMtu({ server }: Host, { underlay = "ipv4" }: BridgeVxlanArgs): pulumi.Output<number> {
  return pulumi.output(underlay).apply((way) => {
    if (way === "ipv4" || way === "ipv6") return usual - overheadOf(way);
    // The check says what is wrong with one that is no address.
    const local = canonicalAddress(way) ?? "0.0.0.0";
    return (server !== undefined && isPrivate(local) ? privateMtu : usual) - overheadOf(familyOf(local));
  });
}

const isPrivate = (address: string): boolean => notPublic(address) !== undefined;

/** What stands for the segment where its addresses are given out. */
export const segmentOf = (id: number): string => `VXLAN ${id}`;

/** Says once in each run that nothing encrypts a tunnel over the internet. */
export function warnOfPlainText(
  tunnel: pulumi.Output<Tunnel>,
  host: Host,
  args: BridgeVxlanArgs,
  on: pulumi.Resource,
): void {
  const warn = (peers: string): void =>
    void pulumi.log.warn(
      `the packets of VXLAN ${typeof args.id === "number" ? args.id : "networks"} to ${peers} cross the internet as plain text, and whoever forges a peer's address there can send into the network: let its programs encrypt and authenticate (TLS, SSH), or use a private network between the hosts as underlay`,
      on,
    );
  // A server of the cloud that is not there yet: its own addresses are public, whatever they are going to be.
  const { underlay = "ipv4" } = args;
  if (host.server !== undefined && typeof underlay === "string" && words.includes(underlay)) {
    warn("its peers");
    return;
  }
  tunnel.apply(({ peers }) => {
    const open = peers.filter((peer) => canonicalAddress(peer) !== undefined && !isPrivate(peer));
    if (open.length > 0) warn(open.join(", "));
  });
}
