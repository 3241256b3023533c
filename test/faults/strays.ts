import { routedAddress4, type Site } from "./arguments";

/**
 * What somebody has put in the way of an address, as a shell text: a rule, a route, and, where the address is routed to a
 * machine already, the address itself on the uplink. A change takes them away, so its rollback has to bring them back.
 */
export function plantStrays({ one }: Site): string {
  const { address } = routedAddress4(one) as { address: string };
  return `
    ip rule add pref 32000 from all to ${address} blackhole
    ip route add blackhole ${address} metric 7
    if grep -qsxF Destination=${address}/32 /etc/systemd/network/*.network.d/*.conf; then
      ip addr add ${address}/32 dev eth0
    fi`;
}

/** Takes away what is left of them. */
export function removeStrays({ one }: Site): string {
  const { address } = routedAddress4(one) as { address: string };
  return `
    ip rule del pref 32000 2>/dev/null || :
    ip route del blackhole ${address} metric 7 2>/dev/null || :
    ip addr del ${address}/32 dev eth0 2>/dev/null || :`;
}
