import { Address4 } from "ip-address";
import type { LanArgs } from "../args";
import { isKnown } from "../unknown";

/** Why an IPv4 address cannot be a machine's on a network; an unknown one passes. */
export function outsideLan(address: string, lan4: LanArgs | undefined): string | undefined {
  if (!isKnown(lan4) || !isKnown(lan4.network)) return undefined;
  if (address === lan4.gateway) return `${address} is the router of the bridge's network; a machine needs its own`;
  const lan = new Address4(lan4.network);
  if (!new Address4(address).isInSubnet(lan)) return `${address} is not in the bridge's network ${lan4.network}`;
  const ends = [lan.startAddress(), lan.endAddress()].map((end) => end.correctForm());
  return ends.includes(address)
    ? `${address} is the first or the last address of the bridge's network ${lan4.network}, which are nobody's`
    : undefined;
}
