import { addressValue } from "../model/address";
import { addressOf } from "../model/allocation";
import { hostMask } from "../model/network";
import type { Facts } from "./facts";

/** The host's own public addresses as they stand on its uplink; a family that it lacks is left out. */
export function uplinkAddresses(facts: Facts, uplink: string): Record<string, string> {
  const link = facts.links.get(uplink);
  // A port has none of its own: they are on its bridge.
  const addresses = (facts.links.get(link?.master ?? "") ?? link)?.addresses ?? [];
  const ipv4 = addresses.find((address) => !address.includes(":"))?.split("/")[0];
  const ipv6 = addresses.find((address) => /^[23]/.test(address) && address.includes(":"));
  return {
    ...(ipv4 === undefined ? {} : { ipv4 }),
    ...(ipv6 === undefined ? {} : { ipv6Network: networkOf(ipv6) }),
  };
}

/** `2001:db8:1::1/64` → `2001:db8:1::/64`. */
function networkOf(interfaceAddress: string): string {
  const [address = "", length = "64"] = interfaceAddress.split("/");
  return `${addressOf("::/0", addressValue(address) & ~hostMask(Number(length)))}/${length}`;
}
