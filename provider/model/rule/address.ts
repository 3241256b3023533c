import { Address4 } from "ip-address";
import { canonicalAddress, canonicalIPv4 } from "../address";
import { networkText, parseNetwork } from "../cidr";
import { type Reader } from "../read/reader";
import { text } from "../read/text";
import { specialPurpose } from "../special-range";

type Canonical = (value: string) => string | undefined;

function addressText(
  kind: string,
  canonical: Canonical,
  special: (address: string) => string | undefined,
): Reader<string> {
  return text({
    allowed: `be ${kind}`,
    test: (value) => {
      const address = canonical(value);
      return address === undefined ? false : (special(address) ?? true);
    },
    canonical: (value) => canonical(value)!,
  });
}

/** A machine's address of either family. */
export const address = addressText(
  "a canonical IPv4 or IPv6 address, without prefix length, scope or embedded IPv4",
  canonicalAddress,
  specialPurpose,
);

export const ipv4 = addressText("a canonical IPv4 address such as 198.51.100.7", canonicalIPv4, specialPurpose);

/** A resolver: also one on the guest's own loopback. */
export const resolver = addressText("an IPv4 or IPv6 address", canonicalAddress, (value) =>
  value === "::1" || value.startsWith("127.") ? undefined : specialPurpose(value),
);

/** An IPv4 network with room for a router and a machine, `192.0.2.192/26`. */
export const network4 = text({
  allowed: "be an IPv4 network such as 192.0.2.0/24",
  test: (value) => {
    const [base = "", length = "", more] = value.split("/");
    if (canonicalIPv4(base) === undefined || more !== undefined || !/^(\d|[12]\d|3[0-2])$/.test(length)) return false;
    if (Number(length) < 8) return `/${length} is too wide, /8 is the widest`;
    if (Number(length) > 30) return `/${length} is too narrow for a router and a machine, /30 is the narrowest`;
    const first = new Address4(value).startAddress().correctForm();
    if (first !== base) return `host bits are set, the network is ${first}/${length}`;
    return specialPurpose(base) ?? true;
  },
});

/** An IPv6 network between /48 and a longest prefix. */
const networkTo = (longest: number, example: string): Reader<string> =>
  text({
    allowed: `be an IPv6 network such as ${example}`,
    test: (value) => {
      const network = parseNetwork(value);
      if (typeof network === "string") return network;
      if (network.length < 48) return `/${network.length} is too wide, /48 is the widest`;
      if (network.length > longest) return `/${network.length} is too narrow, /${longest} is the narrowest`;
      return specialPurpose(network.first) ?? true;
    },
    canonical: (value) => {
      const network = parseNetwork(value);
      return typeof network === "string" ? value : networkText(network);
    },
  });

/** A network that machines' addresses are of. */
export const network6 = networkTo(112, "2001:db8:1::/64");

/** A network that is routed into a machine. */
export const subnet6 = networkTo(124, "2001:db8:1:0:5::/80");
