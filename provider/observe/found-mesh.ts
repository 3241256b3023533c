import type { Fact } from "../model/desired";
import { factAs } from "../model/fact/fact-as";
import { meshAddressOf, meshLine, meshNameOf, meshPeerLine } from "../model/fact/mesh";
import { wireguardKeyLine } from "../model/fact/wireguard-key";
import { configuredBy } from "./configured-by";
import type { Facts, FoundMesh } from "./facts/facts";
import type { Subject } from "./subject";

const none: FoundMesh = { key: "", port: 0, peers: new Map() };

/** What is found of the WireGuard in which a bridge's tunnel is. */
export function mesh({ desired }: Subject, facts: Facts): string | undefined {
  if (desired.live.mesh === undefined) return undefined;
  const wanted = factAs.text(desired.live.mesh);
  const link = facts.links.get(meshNameOf(wanted));
  if (link === undefined) return undefined;
  const { ifname: name, up, mtu, addresses } = link;
  const { key, port } = facts.wireguard.links.get(name) ?? none;
  const address = addresses.includes(meshAddressOf(wanted)) ? meshAddressOf(wanted) : "without-its-address";
  return meshLine({ name, up, address, port, key: key || "none", mtu, configured: configuredBy(name, facts) });
}

/** Whoever it takes packets of. Where it sends to is learnt of each packet that a peer's key was used for. */
export function meshPeers({ desired }: Subject, facts: Facts): Fact | undefined {
  if (desired.live.mesh === undefined) return undefined;
  const name = meshNameOf(factAs.text(desired.live.mesh));
  const { peers } = facts.wireguard.links.get(name) ?? none;
  return [...peers].map(([key, { addresses }]) => meshPeerLine({ key, addresses, link: name }));
}

/** Whether the host has a key of its own, for its eyes alone. */
export const wireguardKey = ({ desired }: Subject, { wireguard: { own } }: Facts): string | undefined =>
  desired.live.wireguard === undefined || own === undefined ? undefined : wireguardKeyLine(own);
