import { AddressPool } from "./address-pool";
import type { State } from "../state/state";

/** Load balancers have addresses of the same ranges. */
const primary = (state: State): string[] => [
  ...state.primaryIps.map(({ ip }) => ip),
  ...state.loadBalancers.flatMap(({ ipv4, ipv6 }) => [ipv4.ip, ipv6.ip.replace("::1/128", "::/64")]),
];
const floating = (state: State): string[] => state.floatingIps.map(({ ip }) => ip);
const hex = (n: number): string => n.toString(16);

/** Documentation ranges (RFC 5737, RFC 3849); 2001:db8:ffff::/48 is the client's. */
export const addressPools = {
  primary: {
    ipv4: new AddressPool("primary IPv4", 2, 254, (n) => `203.0.113.${n}`, primary),
    ipv6: new AddressPool("primary IPv6", 1, 0xffff, (n) => `2001:db8:1:${hex(n)}::/64`, primary),
  },
  floating: {
    ipv4: new AddressPool("floating IPv4", 1, 254, (n) => `198.51.100.${n}`, floating),
    ipv6: new AddressPool("floating IPv6", 1, 0xffff, (n) => `2001:db8:f:${hex(n)}::/64`, floating),
  },
};
