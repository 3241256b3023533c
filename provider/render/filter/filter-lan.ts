import type { BridgeArgs } from "../../model/args";
import { tunnelLink } from "../../model/paths";
import { leaseChains, leaseRule, leaseSet } from "./filter-lease";
import { fromTunnel, tunnelChains } from "./filter-tunnel";
import { portChain, volumeChains } from "./filter-port";

/**
 * Sets of a transparent bridge. `holders`: the MAC address to which the LAN's DHCP server gave an IPv4 address last, as its
 * answers come in by the uplink. Suffixes are the lower halves of addresses, which SLAAC makes of the MAC address.
 */
export const lanSets = `  set members { type ifname; }
  set ports { typeof iifname . ether saddr; }
  set source4 { typeof iifname . ip saddr; }
  set source6 { typeof iifname . ip6 saddr; }
  set suffix6 { typeof iifname . @nh,128,64; }
  set target6 { typeof iifname . @th,64,128; }
  set targetsuffix6 { typeof iifname . @th,128,64; }
  set option6 { typeof iifname . @th,208,48; }
${leaseSet}  map holders { typeof @th,192,32 : @th,288,48; size 65535; flags dynamic; }
  set loud { typeof iifname; size 1024; flags dynamic; }
`;

/**
 * Per port of a transparent bridge: source addresses that are given, leased, or made of the port's own MAC address; ARP
 * and neighbour discovery about these alone; DHCP and router solicitations as a client; no queries for multicast groups.
 * Ports that the filter does not know reach neither machines nor the LAN. Offsets as in filter-port.ts, and RFC 2131 for
 * DHCP: the address given at 16 bytes. nftables can't compare two things of which it knows
 * neither before, so a frame gets the MAC address that its IPv4 address was leased to, and has to have the port's then.
 * Without an uplink nobody leases, and machines have what is given.
 */
export function lanChains({ uplink, vxlan, allowBetween }: BridgeArgs): string {
  const outwards = [...(uplink === undefined ? [] : [uplink]), ...(vxlan === undefined ? [] : [tunnelLink(vxlan.id)])];
  const outside = outwards.map((link) => `    iifname "vb-*" iifname != @members oifname "${link}" drop\n`).join("");
  return `  chain prerouting {
    type filter hook prerouting priority -300; policy accept;
    iifname @members goto port
${vxlan === undefined ? "" : fromTunnel(vxlan)}${uplink === undefined ? "  }\n" : leases(uplink)}${portChain}${packetChains}${volumeChains}${vxlan === undefined ? "" : tunnelChains}  chain forward {
    type filter hook forward priority -300; policy accept;
${outside}    iifname "vb-*" iifname != @members oifname @members drop
${allowBetween === "none" ? "    iifname @members oifname @members drop\n" : ""}  }
`;
}

const leases = (
  uplink: string,
): string => `    iifname "${uplink}" udp sport 67 udp dport 68 @th,64,8 2 @th,192,32 != 0 jump leased
  }
  chain leased {
    delete @holders { @th,192,32 : @th,288,48 }
    update @holders { @th,192,32 : @th,288,48 }
  }
`;

/** An address that is given, or leased to the port's MAC address. */
const own4 = `    iifname . ip saddr @source4 goto volume
    @ll,48,48 set @nh,96,32 map @holders iifname . ether saddr @ports goto volume
`;

const packetChains = `${leaseChains(own4)}  chain ipv4_packet {
    ip daddr 169.254.0.0/16 drop
${leaseRule}    ip protocol 2 @th,0,8 0x11 drop
    udp sport 67 drop
    icmp type redirect drop
${own4}    drop
  }
  chain arp_packet {
    arp htype 1 arp ptype ip arp hlen 6 arp plen 4 arp operation { request, reply } iifname . arp saddr ether @ports jump arp_source
    drop
  }
  chain arp_source {
    iifname . arp saddr ip @source4 goto volume
    @ll,48,48 set @nh,112,32 map @holders iifname . ether saddr @ports goto volume
    arp operation request arp saddr ip 0.0.0.0 goto volume
  }
  chain ipv6_packet {
    icmpv6 type 133-137 goto discovery
    icmpv6 type 130 drop
    udp sport 547 drop
    iifname . ip6 saddr @source6 goto volume
    iifname . @nh,128,64 @suffix6 goto volume
    ip6 saddr :: icmpv6 type 143 goto volume
    drop
  }
  chain discovery {
    ip6 nexthdr != 58 drop
    icmpv6 type { 134, 137 } drop
    ip6 hoplimit != 255 drop
    icmpv6 type 133 ip6 length { 8, 16 } jump discovery_source
    ip6 length != { 24, 32 } drop
    icmpv6 type 136 iifname . @th,64,128 != @target6 iifname . @th,128,64 != @targetsuffix6 drop
    icmpv6 type 136 ip6 length 32 @th,192,16 != 0x0201 drop
    icmpv6 type 136 ip6 length 32 iifname . @th,208,48 != @option6 drop
    icmpv6 type 135 ip6 length 32 @th,192,16 0x0101 iifname . @th,208,48 != @option6 drop
    icmpv6 type 135 ip6 saddr :: iifname . @th,64,128 != @target6 iifname . @th,128,64 != @targetsuffix6 drop
    icmpv6 type { 135, 136 } jump discovery_source
    drop
  }
  chain discovery_source {
    iifname . ip6 saddr @source6 goto volume
    iifname . @nh,128,64 @suffix6 goto volume
    ip6 saddr :: icmpv6 type { 133, 135 } goto volume
  }
`;
