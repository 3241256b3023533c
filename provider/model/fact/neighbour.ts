import { isLinkLocal } from "../mac-address";
import type { Desired } from "../desired";
import { factAs } from "./fact-as";

/** A permanent neighbour: a machine whose MAC address the host knows without asking. */
export interface Neighbour {
  address: string;
  mac: string;
  link: string;
}

export const neighbourLine = ({ address, mac, link }: Neighbour): string => `${address} is ${mac} on ${link}`;

export function parseNeighbour(line: string): Neighbour {
  const [address = "", , mac = "", , link = ""] = line.split(" ");
  return { address, mac, link };
}

/** Addresses that a machine has on the link itself, and the link. */
export const nearOf = (desired: Pick<Desired, "live">): Neighbour[] =>
  neighboursOf(desired).filter(({ address }) => !isLinkLocal(address));

export const neighboursOf = ({ live }: Pick<Desired, "live">): Neighbour[] =>
  factAs.list(live.neighbours).map(parseNeighbour);
