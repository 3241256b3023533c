import { addressValue, canonicalIPv4, canonicalIPv6 } from "../model/address";
import { addressOf } from "../model/allocation";
import { hostMask } from "../model/cidr";
import type { Facts } from "./facts/facts";

/** The host's own public addresses as they stand on its uplink; a family that it lacks is left out. */
export function uplinkAddresses(facts: Facts, uplink: string): Record<string, string> {
  const link = facts.links.get(uplink);
  // A port has none of its own: they are on its bridge.
  const addresses = (facts.links.get(link?.master ?? "") ?? link)?.addresses ?? [];
  const ipv4 = addresses
    .map((address) => address.split("/")[0] ?? "")
    .find((bare) => canonicalIPv4(bare) !== undefined);
  const ipv6Network = addresses.map(networkOf).find((network) => network !== undefined);
  return { ...(ipv4 === undefined ? {} : { ipv4 }), ...(ipv6Network === undefined ? {} : { ipv6Network }) };
}

/**
 * `2001:db8:1::1/64` → `2001:db8:1::/64`; of an address that the whole internet can reach. One that stands alone (/128, by
 * DHCPv6 or on a dedicated server) tells nothing of the network behind it, and is no network to give addresses out of.
 */
function networkOf(interfaceAddress: string): string | undefined {
  const [text = "", digits = "64"] = interfaceAddress.split("/");
  const [address, length] = [canonicalIPv6(text), Number(digits)];
  if (address === undefined || !/^[23]...:/.test(address) || !(length >= 48 && length <= 112)) return undefined;
  return `${addressOf("::/0", addressValue(address) & ~hostMask(length))}/${length}`;
}
