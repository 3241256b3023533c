import { addresses } from "./addresses";

export type UplinkMode = "strict" | "lenient";

/** One server's cable as the router sees it. */
export interface Cable {
  serverId: number;
  macAddress: string;
  ipv4: string | null;
  ipv6: string | null;
  /** Prefixes pointed at this server beside its primary ones: `198.51.100.7/32`, `2001:db8:f::/64`. */
  routed: readonly string[];
}

export const linkName = (serverId: number): string => `srv${serverId}`;
const isIpv6 = (prefix: string): boolean => prefix.includes(":");

/** The link-local address that the kernel derives from a MAC address (RFC 4291, appendix A). */
export function linkLocal(mac: string): string {
  const bytes = mac.split(":").map((part) => parseInt(part, 16));
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = bytes;
  const hex = (high: number, low: number) => ((high << 8) | low).toString(16);
  return `fe80::${hex(a ^ 2, b)}:${hex(c, 0xff)}:${hex(0xfe00 >> 8, d)}:${hex(e, f)}`;
}

/** The server's own address; without a primary network what is left is a link-local one, which Debian 13 may have otherwise. */
const own6 = ({ ipv6, macAddress }: Cable): string =>
  ipv6 === null ? linkLocal(macAddress) : `${ipv6.replace(/\/\d+$/, "")}1`;

/** One route of the router. Strict: the prefix is on the link, so the router asks for each address. Lenient: it goes to the server's own address. */
export function routeCommand(cable: Cable, prefix: string, mode: UplinkMode): string {
  const link = linkName(cable.serverId);
  if (mode === "lenient" && isIpv6(prefix)) return `route replace ${prefix} via ${own6(cable)} dev ${link} onlink`;
  const primary = `${cable.ipv4}/32`;
  if (mode === "lenient" && cable.ipv4 && prefix !== primary)
    return `route replace ${prefix} via ${cable.ipv4} dev ${link} onlink`;
  return `route replace ${prefix} dev ${link}${isIpv6(prefix) ? "" : ` src ${addresses.gateway4}`}`;
}

export function ownPrefixes(cable: Cable): string[] {
  return [...(cable.ipv4 ? [`${cable.ipv4}/32`] : []), ...(cable.ipv6 ? [cable.ipv6] : []), ...cable.routed];
}

/** `ip -batch` text that sets up the router's end of a cable; run at each boot of the server, because its death takes the cable along. */
export function cableBatch(cable: Cable, mode: UplinkMode): string {
  const link = linkName(cable.serverId);
  return [
    `addr replace ${addresses.gateway4}/32 dev ${link}`,
    `addr replace ${addresses.gateway6}/64 dev ${link} nodad`,
    `link set ${link} up`,
    ...ownPrefixes(cable).map((prefix) => routeCommand(cable, prefix, mode)),
  ].join("\n") + "\n"; // prettier-ignore
}

/** nft(8) text: of a server's frames only those pass that carry its own MAC address and its own addresses, in ARP as well. */
export function uplinkFilter(cable: Cable): string {
  const link = linkName(cable.serverId);
  const prefixes = ownPrefixes(cable);
  const set = (family: "ipv4" | "ipv6", own: string[]) =>
    `  set own_${family} { type ${family}_addr; flags interval; ${own.length ? `elements = { ${own.join(", ")} };` : ""} }`;
  return `table netdev ${link}
delete table netdev ${link}
table netdev ${link} {
${set(
  "ipv4",
  prefixes.filter((p) => !isIpv6(p)),
)}
${set("ipv6", prefixes.filter(isIpv6))}
  chain uplink {
    type filter hook ingress device "${link}" priority 0; policy drop;
    ether saddr != ${cable.macAddress} counter drop comment "foreign MAC"
    ether type arp arp saddr ether != ${cable.macAddress} counter drop comment "foreign MAC in ARP"
    ether type arp arp saddr ip @own_ipv4 accept
    ether type arp arp saddr ip 0.0.0.0 accept
    ether type arp counter drop comment "foreign address in ARP"
    ip saddr @own_ipv4 accept
    ip saddr 0.0.0.0 udp sport 68 udp dport 67 accept
    ip6 saddr @own_ipv6 accept
    ip6 saddr fe80::/10 accept
    ip6 saddr :: meta l4proto ipv6-icmp accept
    counter drop comment "foreign source"
  }
}
`;
}
