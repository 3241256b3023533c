import type { BridgeArgs } from "../../model/args";

/**
 * Bit of a packet's mark that says that the filter let it in from a machine's port. On a routed bridge it is taken off
 * before the packet is routed, so no rule of others sees it; a packet without it has come by a port that the filter does
 * not know, or past a filter that is gone.
 */
export const PASSED = "0x40000000";

/** Whether machines may have subnets. They are not known to neighbour discovery: what leads there is a route. */
type Subnets = Pick<BridgeArgs, "subnets">;

/** Sets of a routed bridge; integers are parts of packets that nftables has no name for. */
export const portSets = ({ subnets }: Subnets): string => `  set members { type ifname; }
  set ports { typeof iifname . ether saddr; }
  set source4 { typeof iifname . ip saddr; }
  set source6 { typeof iifname . ip6 saddr; }
${subnets === true ? "  set subnets { typeof iifname . ip6 saddr; flags interval; }\n" : ""}  set target6 { typeof iifname . @th,64,128; }
  set option6 { typeof iifname . @th,208,48; }
  set loud { typeof iifname; size 1024; flags dynamic; }
`;

/** Who is it, and which kind of frame: VLAN tags, spanning tree, LLDP and the unknown end here. */
export const portChain = `  chain port {
    iifname . ether saddr != @ports drop
    ether type vmap { ip : goto ipv4_packet, ip6 : goto ipv6_packet, arp : goto arp_packet }
    drop
  }
`;

/** Broadcasts reach everybody's kernel, so a port has only so many of them. */
export const volumeChain = `  chain volume {
    meta pkttype != { broadcast, multicast } goto pass
    update @loud { iifname limit rate over 200/second burst 400 packets } drop
    goto pass
  }
`;

export const volumeChains = `${volumeChain}  chain pass {
    meta mark set meta mark | ${PASSED} accept
  }
`;

/**
 * Packets of a machine that the host routes to: source addresses, neighbour discovery about itself alone, no servers of
 * DHCP, no router advertisements, no redirects. No groups of multicast either: nobody but the host is there to hear
 * them, and whoever asks for them decides what the bridge lets through. network-facts 1 and 4; S1.10. The offsets are
 * those of RFC 4861, 4.3 and 4.4: the target at 8 bytes, the first option at 24.
 */
const ipv4ChainAfter = (first: string): string => `  chain ipv4_packet {
${first}    iifname . ip saddr != @source4 drop
    ip protocol 2 drop
    udp sport 67 drop
    icmp type redirect drop
    goto volume
  }
`;

export const ipv4Chain = ipv4ChainAfter("");

/** ARP of a machine, about itself alone. */
export const arpRules = `    arp htype 1 arp ptype ip arp hlen 6 arp plen 4 arp operation { request, reply } iifname . arp saddr ether @ports iifname . arp saddr ip @source4 goto volume
    drop
`;

/** As {@link ipv4Chain}. */
export const ipv6Chains = ({ subnets }: Subnets): string => `  chain ipv6_packet {
    icmpv6 type 133-137 goto discovery
    icmpv6 type { 130-132, 143 } drop
    udp sport 547 drop
    iifname . ip6 saddr @source6 goto volume
${subnets === true ? "    iifname . ip6 saddr @subnets goto volume\n" : ""}    drop
  }
  chain discovery {
    ip6 nexthdr != 58 drop
    icmpv6 type { 133, 134, 137 } drop
    ip6 hoplimit != 255 drop
    ip6 length != { 24, 32 } drop
    icmpv6 type 136 iifname . @th,64,128 != @target6 drop
    icmpv6 type 136 ip6 length 32 @th,192,16 != 0x0201 drop
    icmpv6 type 136 ip6 length 32 iifname . @th,208,48 != @option6 drop
    icmpv6 type 135 ip6 length 32 @th,192,16 0x0101 iifname . @th,208,48 != @option6 drop
    iifname . ip6 saddr @source6 goto volume
    ip6 saddr :: icmpv6 type 135 goto volume
    drop
  }
`;

/**
 * Per port of a routed bridge. Nothing is bridged from one port to another.
 *
 * @param first rules about packets of IPv4 before all others
 */
export const portChains = (args: Subnets, first = ""): string => `  chain prerouting {
    type filter hook prerouting priority -300; policy accept;
    iifname @members goto port
  }
${portChain}${ipv4ChainAfter(first)}  chain arp_packet {
${arpRules}  }
${ipv6Chains(args)}${volumeChains}  chain forward {
    type filter hook forward priority -300; policy accept;
    oifname @members drop
  }
`;
