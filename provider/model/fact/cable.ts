import { mtuPart, splitMtu } from "./mtu";

/** The host's end of a machine's own virtual Ethernet link. */
export interface Cable {
  name: string;
  up: boolean;
  /** With their lengths. */
  addresses: string[];
  /** Bytes; only where it is said. */
  mtu?: number;
  /** By what networkd configures it, if not by our file. */
  configured?: string;
}

export const cableLine = ({ name, up, addresses, configured, mtu }: Cable): string =>
  [name, up ? "up" : "down", ...addresses, ...(configured === undefined ? [] : [configured])].join(" ") + mtuPart(mtu);

/** Of a line that is wanted. */
export function parseCable(line: string): Cable {
  const { rest, mtu } = splitMtu(line);
  const [name = "", state, ...addresses] = rest.split(" ");
  return { name, up: state === "up", addresses, mtu };
}
