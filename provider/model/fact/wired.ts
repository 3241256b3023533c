import { mtuPart, splitMtu } from "./mtu";

/** A macvlan, or an end of the veth pair between it and its bridge. */
export interface Wired {
  name: string;
  kind: string;
  up: boolean;
  /** The bridge that it is a port of. */
  master?: string;
  /** The link that the macvlan is on. */
  lower?: string;
  /** Bytes; only where it is said. */
  mtu?: number;
  /** By what networkd configures it, if not by our file. */
  configured?: string;
}

export function wiredLine({ name, kind, up, master, lower, mtu, configured }: Wired): string {
  const words = [
    `${name} ${kind} ${up ? "up" : "down"}`,
    ...(master === undefined ? [] : [`master ${master}`]),
    ...(lower === undefined ? [] : [`on ${lower}`]),
  ];
  return words.join(" ") + mtuPart(mtu) + (configured === undefined ? "" : ` ${configured}`);
}

/** Of a line that is wanted. */
export function parseWired(line: string): Wired {
  const { rest, mtu } = splitMtu(line);
  const [name = "", kind = "", state, word, other] = rest.split(" ");
  return {
    ...{ name, kind, up: state === "up", mtu },
    master: word === "master" ? other : undefined,
    lower: word === "on" ? other : undefined,
  };
}
