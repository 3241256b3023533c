import type { Desired } from "../desired";
import { factAs } from "./fact-as";

/** A route to a machine, or through it. */
export interface Route {
  /** `198.51.100.7/32`; of a subnet behind the machine `2001:db8:1:0:5::/80`. */
  destination: string;
  /** The machine's address through which a subnet is routed, where no permanent neighbour stands for it. */
  via?: string;
  link: string;
}

export const routeLine = ({ destination, via, link }: Route): string =>
  `${destination}${via === undefined ? "" : ` via ${via}`} dev ${link}`;

export function parseRoute(line: string): Route {
  const [, destination = "", via, link = ""] = /^(\S*)(?: via (\S+))? dev (\S*)/.exec(line) ?? [];
  return via === undefined ? { destination, link } : { destination, via, link };
}

/** Whether it leads to what is behind a machine, and not to one address. */
export const isToSubnet = ({ destination }: Route): boolean => !/^[^:]*\/32$|\/128$/.test(destination);

export const routesOf = ({ live }: Pick<Desired, "live">): Route[] => factAs.list(live.routes).map(parseRoute);
