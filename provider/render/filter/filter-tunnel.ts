import { isIpv6 } from "../../model/address";
import type { VxlanArgs, WireguardArgs } from "../../model/args";
import { endsOf, wireguardPort } from "../../model/mesh";
import { meshLink, tunnelLink } from "../../model/paths";
import { vxlanPort } from "../../model/vxlan";

/** What the machines of this host have, and so nobody at the other end of the tunnel; offsets as in filter-port.ts. */
const sets = {
  local_mac: "type ether_addr",
  local4: "type ipv4_addr",
  local6: "type ipv6_addr",
  local_target6: "typeof @th,64,128",
  local_option6: "typeof @th,208,48",
};

export type TunnelSet = keyof typeof sets;

export const tunnelSets = Object.entries(sets)
  .map(([name, type]) => `  set ${name} { ${type}; }\n`)
  .join("");

/** The same from a machine's own file, which may be loaded beside one of a bridge that has no tunnel any more. */
export const tunnelSetsOf = (table: string): string =>
  Object.entries(sets)
    .map(([name, type]) => `add set bridge ${table} ${name} { ${type}; }\n`)
    .join("");

/**
 * What comes in by the tunnel: nothing in the name of a machine of this host, no server of DHCP, no router. The other host
 * holds its machines to their own addresses, and to so many broadcasts.
 */
export const tunnelChains = `  chain tunnel {
    ether saddr @local_mac drop
    ether type vmap { ip : goto tunnel_ipv4, ip6 : goto tunnel_ipv6, arp : goto tunnel_arp }
    drop
  }
  chain tunnel_ipv4 {
    ip saddr @local4 drop
    ip protocol 2 @th,0,8 0x11 drop
    udp sport 67 drop
    icmp type redirect drop
    goto pass
  }
  chain tunnel_arp {
    arp saddr ether @local_mac drop
    arp saddr ip @local4 drop
    arp htype 1 arp ptype ip arp hlen 6 arp plen 4 arp operation { request, reply } goto pass
    drop
  }
  chain tunnel_ipv6 {
    ip6 saddr @local6 drop
    icmpv6 type 133-137 goto tunnel_discovery
    icmpv6 type 130 drop
    udp sport 547 drop
    goto pass
  }
  chain tunnel_discovery {
    ip6 nexthdr != 58 drop
    icmpv6 type { 133, 134, 137 } drop
    ip6 hoplimit != 255 drop
    ip6 length != { 24, 32 } drop
    icmpv6 type 136 @th,64,128 @local_target6 drop
    icmpv6 type 135 ip6 saddr :: @th,64,128 @local_target6 drop
    icmpv6 type { 135, 136 } ip6 length 32 @th,208,48 @local_option6 drop
    goto pass
  }
`;

/** How a frame of the tunnel gets there. */
export const fromTunnel = ({ id }: VxlanArgs): string => `    iifname "${tunnelLink(id)}" goto tunnel\n`;

/** By addresses of which family packets are told apart. */
const familyWords = (local: string): [string, string] => (isIpv6(local) ? ["ip6", "ipv4"] : ["ip", "ipv6"]);

const listed = (addresses: string[]): string => `{ ${[...addresses].sort().join(", ")} }`;

/**
 * VXLAN authenticates nobody, so the host takes packets of this segment from its peers alone, and by the way that leads to
 * them; the number of the segment is at 12 bytes (RFC 7348, 5). A part of a packet could hide it. And it forwards none to the
 * peers, which would take a machine's for the host's own where the host translates.
 */
export function underlayChains(vxlan: VxlanArgs): string {
  if (vxlan.wireguard !== undefined) return meshChains(vxlan, vxlan.wireguard);
  const { id, local, peers, port = vxlanPort } = vxlan;
  const [family] = familyWords(local);
  return `  chain underlay {
    type filter hook input priority -300; policy accept;
    udp dport ${port} exthdr frag exists drop
    udp dport ${port} @th,96,24 ${id} goto sender
  }
${sender(vxlan)}  chain onward {
    type filter hook forward priority -300; policy accept;
    udp dport ${port} ${family} daddr ${listed(peers)} drop
  }
`;
}

/** Who may send to the host on the underlay. */
function sender({ local, peers }: VxlanArgs): string {
  const [family, other] = familyWords(local);
  return `  chain sender {
    meta nfproto ${other} drop
    ${family} saddr != ${listed(peers)} drop
    fib saddr . iif oif missing drop
  }
`;
}

/**
 * In WireGuard a packet is of the host whose key it was made with, and from the address that goes with it. So packets of this
 * segment come that way or not at all, and nothing else does: who is root on one host has no way to the others' services. And they
 * leave that way or not at all: without its link, at boot or after somebody's hand, the route to a peer would be the default one.
 */
function meshChains(vxlan: VxlanArgs, { port: outer = wireguardPort }: WireguardArgs): string {
  const { id, local, peers, port = vxlanPort } = vxlan;
  const link = meshLink(id);
  const [family] = familyWords(local);
  return `  chain underlay {
    type filter hook input priority -300; policy accept;
    iifname "${link}" goto mesh
    udp dport ${outer} goto sender
    udp dport ${port} exthdr frag exists drop
    udp dport ${port} @th,96,24 ${id} drop
  }
  chain mesh {
    meta nfproto ipv4 drop
    ip6 saddr != ${listed(endsOf(vxlan).peers)} drop
    exthdr frag exists drop
    udp dport ${port} @th,96,24 ${id} accept
    drop
  }
${sender(vxlan)}  chain onward {
    type filter hook forward priority -300; policy accept;
    iifname "${link}" drop
    oifname "${link}" drop
    udp dport ${outer} ${family} daddr ${listed(peers)} drop
  }
  chain outward {
    type filter hook output priority -300; policy accept;
    oifname != "${link}" ip6 daddr ${listed(endsOf(vxlan).peers)} drop
  }
`;
}
