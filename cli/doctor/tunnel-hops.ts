import type { MeshPeer } from "../../provider/model/mesh";
import type { MachineNetwork, Tunnel } from "../stack/machines";
import type { Found } from "./found";
import { hop, type Hop } from "./hop";
import { repair } from "./host-hops";

/** From the bridge to its other hosts, where it has a tunnel. */
export const tunnelHops = ({ bridge, tunnel }: MachineNetwork, found: Found): Hop[] =>
  tunnel === undefined
    ? []
    : [
        tunnelHop(bridge, tunnel, found),
        ...meshHops(tunnel, found),
        ...tunnel.peers.map((peer) => underlayHop(peer, found)),
      ];

function tunnelHop(bridge: string, { link: name, ends: { peers } }: Tunnel, { facts }: Found): Hop {
  const link = facts.links.get(name);
  if (link === undefined) return hop("tunnel", name, false, "there is no such interface", repair);
  const known = facts.peers.filter((peer) => peer.link === name).map(({ address }) => address);
  const missing = peers.filter((peer) => !known.includes(peer));
  const wrong = [
    ...(link.up ? [] : ["is down"]),
    ...(link.master === bridge ? [] : [`is a port of ${link.master ?? "no bridge"}`]),
    ...missing.map((peer) => `does not lead to ${peer}`),
  ];
  const seen = wrong.length === 0 ? `is up, a port of ${bridge}, and leads to ${known.join(", ")}` : wrong.join("; ");
  return hop("tunnel", name, wrong.length === 0, seen, repair);
}

function meshHops({ mesh, peers }: Tunnel, found: Found): Hop[] {
  if (mesh === undefined) return [];
  const answering = peers.filter((peer) => answersPing(peer, found));
  return [meshHop(mesh, found), ...mesh.peers.map((peer) => keyHop(peer, mesh.link, answering, found))];
}

function meshHop({ link: name, peers }: NonNullable<Tunnel["mesh"]>, { facts }: Found): Hop {
  const link = facts.links.get(name);
  if (link === undefined) return hop("wireguard", name, false, "there is no such interface", repair);
  const known = facts.wireguard.links.get(name);
  const isKnown = ({ key, address }: MeshPeer): boolean => known?.peers.get(key)?.addresses === `${address}/128`;
  const wrong = [
    ...(link.up ? [] : ["is down"]),
    ...peers.filter((peer) => !isKnown(peer)).map(({ key }) => `does not know ${key}`),
  ];
  const seen = wrong.length === 0 ? `is up on UDP port ${known?.port}, and knows all peers` : wrong.join("; ");
  return hop("wireguard", name, wrong.length === 0, seen, repair);
}

/** Seconds after which a key that was shown counts no more, and is shown again before anything is sent. */
const lasting = 180;

/** Doctor's ping makes the hosts show their keys to each other, whether it is answered or not. */
function keyHop(
  { key, address, underlay, endpoint }: MeshPeer,
  link: string,
  answering: string[],
  { facts }: Found,
): Hop {
  const heard = facts.wireguard.links.get(link)?.peers.get(key)?.heard;
  const ok = heard !== undefined && heard <= lasting ? true : answering.includes(underlay) ? false : null;
  const seen = ok === true ? `${endpoint} has shown its key` : `${endpoint} does not show the key ${key}`;
  const advice =
    "see whether the bridge of that host has this one as a peer, and whether its firewall, or the provider's, lets UDP in on that port";
  return hop("wireguard peer", address, ok, seen, advice);
}

const answersPing = (peer: string, { path }: Found): boolean => path.pings.get(peer)?.code === 0;

/** A host that answers no ping may take VXLAN all the same. */
function underlayHop(peer: string, found: Found): Hop {
  const answers = answersPing(peer, found);
  const advice = `see whether that host is up, and whether its firewall, or the provider's, lets UDP of this one in`;
  return hop("underlay", peer, answers ? true : null, answers ? "answers a ping" : "does not answer a ping", advice);
}
