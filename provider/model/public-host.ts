import { canonicalAddress } from "./address";
import { isPrivateAddress } from "./private-address";
import { specialPurpose } from "./special-range";

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
  return isPrivateAddress(address) ? "a private address" : undefined;
}
