/** An address that the host answers for on its uplink, whatever that is called. */
export interface Proxy {
  address: string;
}

export const proxyLine = ({ address }: Proxy): string => `${address} on the uplink`;

export function parseProxy(line: string): Proxy {
  const [address = ""] = line.split(" ");
  return { address };
}
