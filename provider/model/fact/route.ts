import type { Desired } from "../desired";
import { factAs } from "./fact-as";

/** A route to a machine. */
export interface Route {
  /** `198.51.100.7/32`. */
  destination: string;
  link: string;
}

export const routeLine = ({ destination, link }: Route): string => `${destination} dev ${link}`;

export function parseRoute(line: string): Route {
  const [destination = "", , link = ""] = line.split(" ");
  return { destination, link };
}

export const routesOf = ({ live }: Pick<Desired, "live">): Route[] => factAs.list(live.routes).map(parseRoute);
