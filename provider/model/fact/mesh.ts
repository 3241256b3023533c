import { mtuPart } from "./mtu";

/** WireGuard between hosts as a link of the kernel. */
export interface Mesh {
  name: string;
  up: boolean;
  /** Where it is in the mesh, with the network's length. */
  address: string;
  /** UDP. */
  port: number;
  /** The public key of whose secret one it has. */
  key: string;
  mtu: number;
  /** By what networkd configures it, if not by our file. */
  configured?: string;
}

export function meshLine({ name, up, address, port, key, mtu, configured }: Mesh): string {
  const ends = `${name} wireguard ${address} port ${port} key ${key} ${up ? "up" : "down"}${mtuPart(mtu)}`;
  return configured === undefined ? ends : `${ends} ${configured}`;
}

/** Of a line that is wanted. */
export const meshNameOf = (line: string): string => line.split(" ")[0] ?? "";
/** Of a line that is wanted. */
export const meshAddressOf = (line: string): string => line.split(" ")[2] ?? "";

/** Whom it takes packets of, and from which addresses. */
export const meshPeerLine = ({ key, addresses, link }: { key: string; addresses: string; link: string }): string =>
  `${addresses} key ${key} by ${link}`;
