import { Address4, Address6 } from "ip-address";
import { canonicalAddress, isIpv6 } from "./address";
import { specialPurpose } from "./special-range";

const private4 = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"];
const private6 = "fc00::/7";

/** Names that lead to the own machine or network: without a dot, or of a domain that is for them. */
const OWN_NAME = /^[^.]+$|(^|\.)(localhost|local|internal|lan|home\.arpa)$/i;

/**
 * Why a host of a URL, as it is written there, is none that everybody can reach; `undefined` when it may be one. What a
 * name leads to is for the host to look up.
 */
export function notPublic(host: string): string | undefined {
  const address = canonicalAddress(host.replace(/^\[|\]$/g, ""));
  if (address === undefined) return OWN_NAME.test(host.replace(/\.$/, "")) ? "a name of one's own network" : undefined;
  const special = specialPurpose(address);
  if (special !== undefined) return special.replace(/^it is /, "");
  const ranges = isIpv6(address)
    ? new Address6(address).isInSubnet(new Address6(private6))
    : private4.some((range) => new Address4(address).isInSubnet(new Address4(range)));
  return ranges ? "a private address" : undefined;
}
