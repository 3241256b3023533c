import type { Desired } from "../desired";
import { factAs } from "./fact-as";

/** An address that the host answers for on its uplink, whatever that is called. */
export interface Proxy {
  address: string;
}

export const proxyLine = ({ address }: Proxy): string => `${address} on the uplink`;

export function parseProxy(line: string): Proxy {
  const [address = ""] = line.split(" ");
  return { address };
}

export const proxiesOf = ({ live }: Pick<Desired, "live">): Proxy[] => factAs.list(live.proxies).map(parseProxy);
