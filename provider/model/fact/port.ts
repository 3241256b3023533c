import { mtuPart, splitMtu } from "./mtu";

/** How a port of a protected bridge is kept from the others: it learns nothing, and `isolated` reaches the host alone as well. */
export type PortProtection = "guarded" | "isolated";

/** A port of a bridge: a machine's, or the uplink. */
export interface Port {
  name: string;
  /** The bridge. */
  master?: string;
  protection?: PortProtection;
  /** Whether the protection is not there. */
  unprotected?: boolean;
  /** The one MAC address that the bridge sends there. */
  mac?: string;
  /** Bytes; only where it is said. */
  mtu?: number;
}

export function portLine({ name, master, protection, unprotected, mac, mtu }: Port): string {
  if (master === undefined) return `${name} without master`;
  const not = unprotected === true ? " not" : "";
  const how = protection === undefined ? "" : `${not} ${protection}${mac === undefined ? "" : `, ${mac} alone`}`;
  return `${name} master ${master}${how}${mtuPart(mtu)}`;
}

/** Of a line that is wanted; one of a machine's own cable has a name alone. */
export function parsePort(line: string): Port {
  const { rest, mtu } = splitMtu(line);
  const [name = "", word, master, how, mac] = rest.split(" ");
  if (word !== "master") return { name, mtu };
  return { name, master, protection: how?.replace(",", "") as PortProtection | undefined, mac, mtu };
}
