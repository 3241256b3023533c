import { createHash } from "node:crypto";
import { familyOf, type Family } from "./address";
import { ipv6For } from "./allocation";
import type { VxlanArgs } from "./args";
import { uniqueLocal } from "./unique-local";
import { overheadOf } from "./vxlan";

/** What programs of WireGuard take where nobody says another one. */
export const wireguardPort = 51820;

/** Bytes around each packet: WireGuard 32, UDP 8, and IPv4 20 or IPv6 40. */
const overheads: Record<Family, number> = { ipv4: 60, ipv6: 80 };

/** What addresses in a mesh take of a packet beside the frame. */
export const inMesh: Family = "ipv6";

/** Bytes around each frame of a tunnel whose packets are in WireGuard. */
export const meshOverheadOf = (underlay: Family): number => overheads[underlay] + overheadOf(inMesh);

/** What packets of a tunnel with frames of this size have: the size of the mesh. */
export const meshMtu = (frames: number): number => frames + overheadOf(inMesh);

/** The network of unique local addresses of a mesh, the same for whoever knows the number of the segment. */
const meshNetwork = (id: number): string => uniqueLocal("WireGuard", `VXLAN ${id}`);

/** The address of a host in a mesh: of its key, which is all that the others know it by. */
export const meshAddress = (id: number, key: string): string =>
  ipv6For(meshNetwork(id), createHash("sha256").update(key, "utf8").digest("hex"));

/** Between which addresses a tunnel's own packets go. */
export function endsOf({ id, local, peers, wireguard }: VxlanArgs): { local: string; peers: string[] } {
  if (wireguard === undefined) return { local, peers };
  return { local: meshAddress(id, wireguard.key), peers: wireguard.peers.map((key) => meshAddress(id, key)) };
}

/** The host's own address in its mesh, with the length of the mesh's network, so that the others are reached there. */
export const addressInMesh = (vxlan: VxlanArgs): string => `${endsOf(vxlan).local}/64`;

/** Another host of a mesh. */
export interface MeshPeer {
  key: string;
  /** In the mesh. */
  address: string;
  /** On the underlay. */
  underlay: string;
  /** Where it takes packets of WireGuard there. */
  endpoint: string;
}

/** The others, sorted by their addresses in the mesh. */
export function meshPeersOf({ id, peers, wireguard }: VxlanArgs): MeshPeer[] {
  const { peers: keys = [], port = wireguardPort } = wireguard ?? {};
  const all = peers.map((peer, index): MeshPeer => {
    const key = keys[index] ?? "";
    const host = familyOf(peer) === "ipv6" ? `[${peer}]` : peer;
    return { key, address: meshAddress(id, key), underlay: peer, endpoint: `${host}:${port}` };
  });
  return all.sort((a, b) => (a.address < b.address ? -1 : 1));
}
