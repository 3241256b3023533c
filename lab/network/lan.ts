import { linkName } from "./uplink";
import { addresses } from "./addresses";

/** The plain LAN: one bridge in the router for all hosts on it, with addresses by SLAAC and DHCP. Nothing of Hetzner. */
export const lan = {
  bridge: "lan0",
  network4: "192.0.2.192/26",
  router4: "192.0.2.193",
  /** Leases; .194 to .199 and .251 to .254 are free for static addresses. */
  pool: ["192.0.2.200", "192.0.2.250"],
  network6: "2001:db8:ffff:2::/64",
  /** Leases of the stateful kind. */
  pool6: ["2001:db8:ffff:2::1000", "2001:db8:ffff:2::1fff"],
  router6: "2001:db8:ffff:2::1",
} as const;

/** `ip -batch` text for the router. Without snooping: a bridge that has not learnt yet who listens would hold back ND. */
export function lanBatch(): string {
  return `link add ${lan.bridge} type bridge stp_state 0 forward_delay 0 mcast_snooping 0
addr add ${lan.router4}/26 dev ${lan.bridge}
addr add ${lan.router6}/64 dev ${lan.bridge} nodad
link set ${lan.bridge} up
`;
}

/** `ip -batch` text that plugs a host's cable into the LAN. */
export function lanCable(serverId: number): string {
  const link = linkName(serverId);
  return `link set ${link} master ${lan.bridge}\nlink set ${link} up\n`;
}

/**
 * How hosts of the LAN get their IPv6 addresses: out of the prefix that the router advertises (RFC 4862), or from DHCPv6
 * alone, the advertisement having the managed flag and no prefix to make addresses of (RFC 9915).
 */
export type LanIpv6 = "slaac" | "dhcpv6";

/** dnsmasq(8) as the LAN's router: leases out of a pool, router advertisements every 10 s. */
export function lanDhcpConfig(leaseFile: string, leaseSeconds: number, ipv6: LanIpv6 = "slaac"): string {
  const range6 = ipv6 === "dhcpv6" ? lan.pool6.join(",") : `${lan.network6.split("/")[0]},ra-only`;
  return [
    "port=0", `interface=${lan.bridge}`, "except-interface=lo", "bind-dynamic", "user=root", "keep-in-foreground", "no-daemon", "log-facility=-", "pid-file=",
    "dhcp-authoritative", "no-ping",
    `dhcp-leasefile=${leaseFile}`,
    `dhcp-range=${lan.pool.join(",")},255.255.255.192,${leaseSeconds}s`,
    `dhcp-option=option:router,${lan.router4}`,
    `dhcp-option=option:dns-server,${addresses.dns[0]},${addresses.dns[1]}`,
    "enable-ra",
    `ra-param=${lan.bridge},10,1800`,
    `dhcp-range=${range6},64,${leaseSeconds}s`,
    `dhcp-option=option6:dns-server,[${addresses.dns[2]}],[${addresses.dns[3]}]`,
  ].join("\n") + "\n"; // prettier-ignore
}
