/** Who asks for a lease, by the MAC address in the question; RFC 2131, 2 has the client's at 28 bytes. */
export const leaseSet = "  set client4 { typeof iifname . @th,288,48; }\n";

/** What goes to a DHCP server; before the rules about all other packets. */
export const leaseRule = "    udp dport 67 goto lease\n";

/**
 * A machine asks for, renews and gives back leases in its own name alone: as one without an address to all, or from its own.
 * What is cut off before the MAC address, as a fragment can be, matches nothing and ends here.
 *
 * @param own rules that take what comes from an address of the port's own
 */
export const leaseChains = (own: string): string => `  chain lease {
    udp sport 68 iifname . @th,288,48 @client4 goto leasing
    drop
  }
  chain leasing {
    ip saddr 0.0.0.0 ip daddr 255.255.255.255 goto volume
${own}    drop
  }
`;
