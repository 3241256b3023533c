import { mtuPart } from "./mtu";

/** A bridge's tunnel to other hosts as a link of the kernel. */
export interface Tunnel {
  name: string;
  up: boolean;
  /** Number of its segment. */
  id: number;
  /** From where it sends, and where it is sent to. */
  local: string;
  port: number;
  /** The bridge whose port it is. */
  master?: string;
  /** Whether the bridge learns nothing from it, and sends nothing on to another tunnel. */
  apart: boolean;
  mtu: number;
  /** By what networkd configures it, if not by our file. */
  configured?: string;
}

export function tunnelLine({ name, up, id, local, port, master, apart, mtu, configured }: Tunnel): string {
  const of = master === undefined ? "without master" : `master ${master}${apart ? " isolated" : " not isolated"}`;
  const ends = `${name} vxlan ${id} from ${local} port ${port} ${up ? "up" : "down"} ${of}${mtuPart(mtu)}`;
  return configured === undefined ? ends : `${ends} ${configured}`;
}

/** Of a line that is wanted. */
export const tunnelNameOf = (line: string): string => line.split(" ")[0] ?? "";
