import type { MachineNetwork } from "../stack/machines";
import type { Found } from "./found";
import { hop, type Hop } from "./hop";
import { repair } from "./host-hops";

/** From the bridge to its other hosts, where it has a tunnel. */
export const tunnelHops = ({ bridge, tunnel }: MachineNetwork, found: Found): Hop[] =>
  tunnel === undefined
    ? []
    : [tunnelHop(bridge, tunnel, found), ...tunnel.peers.map((peer) => underlayHop(peer, found))];

type Tunnel = NonNullable<MachineNetwork["tunnel"]>;

function tunnelHop(bridge: string, { link: name, peers }: Tunnel, { facts }: Found): Hop {
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

/** A host that answers no ping may take VXLAN all the same. */
function underlayHop(peer: string, { path }: Found): Hop {
  const answers = path.pings.get(peer)?.code === 0;
  const advice = `see whether that host is up, and whether its firewall, or the provider's, lets UDP of this one in`;
  return hop("underlay", peer, answers ? true : null, answers ? "answers a ping" : "does not answer a ping", advice);
}
