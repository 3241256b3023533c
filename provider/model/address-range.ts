import { Address4, Address6 } from "ip-address";
import { canonicalIPv4, canonicalIPv6, isIpv6 } from "./address";

/** A network of either family, or one address; host bits are of no account. */
export type AddressRange = Address4 | Address6;

/** `10.0.0.0/8`, `2001:db8::7`; `undefined` for anything else. */
export function addressRange(text: string): AddressRange | undefined {
  const [first = "", length = ""] = text.split("/", 2);
  const canonical = canonicalIPv4(first) ?? canonicalIPv6(first);
  if (canonical === undefined || !/^\d{0,3}$/.test(length)) return undefined;
  const most = isIpv6(canonical) ? 128 : 32;
  if (Number(length) > most) return undefined;
  const whole = `${canonical}/${length === "" ? most : length}`;
  return isIpv6(canonical) ? new Address6(whole) : new Address4(whole);
}

/** Whether all of one range lies in another of the same family. */
export function rangeWithin(one: AddressRange, other: AddressRange): boolean {
  if (one instanceof Address4) return other instanceof Address4 && one.isInSubnet(other);
  return other instanceof Address6 && one.isInSubnet(other);
}
