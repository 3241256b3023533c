import { Address4 } from "ip-address";
import type { NetworkMember, NetworkSpec } from "../backend";
import { linkName } from "./uplink";

/** Bytes of a packet in Hetzner's private networks. */
export const privateMtu = 1450;

/** The namespace of a network's router: networks may have the same addresses. */
export const privateSpace = (network: number): string => `net-${network}`;

/** Interfaces in a server, in the order in which it joins networks. */
export const privateLinks = ["enp7s0", "enp8s0", "enp9s0"] as const;

/** The first address of the network, which is the router's on every cable. */
export function gatewayOf(ipRange: string): string {
  const first = new Address4(ipRange).startAddress().bigInt();
  return Address4.fromBigInt(first + 1n).correctForm();
}

type Network = Pick<NetworkSpec, "ipRange" | "routes">;

const destinations = ({ routes }: Network, { ip }: NetworkMember): string[] =>
  routes.filter(({ gateway }) => gateway === ip).map(({ destination }) => destination);

/**
 * `ip -batch` text of one member's cable. Layer 3: everything goes by the router, which knows each server by its MAC address and
 * asks nobody.
 */
export function memberBatch(network: Network, member: NetworkMember): string {
  const link = linkName(member.server);
  const gateway = gatewayOf(network.ipRange);
  const behind = [...member.aliasIps.map((ip) => `${ip}/32`), ...destinations(network, member)];
  return [
    `addr replace ${gateway}/32 dev ${link}`,
    `link set ${link} mtu ${privateMtu} up`,
    `neigh replace ${member.ip} lladdr ${member.macAddress} nud permanent dev ${link}`,
    `route replace ${member.ip}/32 dev ${link} src ${gateway}`,
    ...behind.map((prefix) => `route replace ${prefix} via ${member.ip} dev ${link}`),
  ].join("\n") + "\n"; // prettier-ignore
}

/**
 * nft(8) text: of a member's frames only IPv4 passes, from its own MAC address and from its address, an alias, or a network whose
 * route leads to it; and ARP that asks for the gateway.
 */
export function memberFilter(network: Network, member: NetworkMember): string {
  const link = linkName(member.server);
  const own = [member.ip, ...member.aliasIps, ...destinations(network, member)];
  const sources = own.includes("0.0.0.0/0") ? "" : `ip saddr { ${[...new Set(own)].join(", ")} } `;
  return `table netdev ${link}
delete table netdev ${link}
table netdev ${link} {
  chain member {
    type filter hook ingress device "${link}" priority 0; policy drop;
    ether saddr != ${member.macAddress} counter drop comment "foreign MAC"
    ether type arp arp daddr ip ${gatewayOf(network.ipRange)} arp saddr ether ${member.macAddress} accept
    ether type arp counter drop comment "ARP for another than the gateway"
    ip saddr 0.0.0.0 udp sport 68 udp dport 67 accept
    ${sources}ip daddr != { 224.0.0.0/4, 255.255.255.255 } accept
    counter drop comment "foreign source, or no IPv4 for one"
  }
}
`;
}

/** dnsmasq(8) as a network's DHCP: a /32, the gateway on link, the way to the network by it, and the size of its packets. */
export function privateDhcpConfig({ ipRange }: Network, hostsDir: string, leaseFile: string): string {
  const gateway = gatewayOf(ipRange);
  const range = new Address4(ipRange);
  const first = range.startAddress().correctForm();
  return [
    "port=0", "interface=srv*", "bind-dynamic", "user=root", "keep-in-foreground", "no-daemon", "log-facility=-", "pid-file=", "no-ping",
    `shared-network=${gateway},${first}`,
    `dhcp-range=${first},static,${maskOf(range.subnetMask)},86400s`,
    `dhcp-leasefile=${leaseFile}`,
    `dhcp-hostsdir=${hostsDir}`,
    "dhcp-authoritative",
    "dhcp-option=option:netmask,255.255.255.255",
    "dhcp-option=option:router",
    "dhcp-option=option:dns-server",
    `dhcp-option=option:mtu,${privateMtu}`,
    `dhcp-option=option:classless-static-route,${gateway}/32,0.0.0.0,${ipRange},${gateway}`,
  ].join("\n") + "\n"; // prettier-ignore
}

const maskOf = (length: number): string =>
  Address4.fromBigInt(((1n << BigInt(length)) - 1n) << BigInt(32 - length)).correctForm();
