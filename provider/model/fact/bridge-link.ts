import { mtuPart, splitMtu } from "./mtu";

/** A bridge as a link of the kernel. */
export interface BridgeLink {
  name: string;
  kind: string;
  up: boolean;
  /** Bytes; only where it is said. */
  mtu?: number;
  /** By what networkd configures it, if not by our file. */
  configured?: string;
}

export const bridgeLinkLine = ({ name, kind, up, mtu, configured }: BridgeLink): string =>
  [`${name} ${kind} ${up ? "up" : "down"}${mtuPart(mtu)}`, configured].filter((part) => part !== undefined).join(" ");

/** Of a line that is wanted. */
export function parseBridgeLink(line: string): BridgeLink {
  const { rest, mtu } = splitMtu(line);
  const [name = "", kind = "", state] = rest.split(" ");
  return { name, kind, up: state === "up", mtu };
}
