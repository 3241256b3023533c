import { hosted, open4, routed } from "../mode";
import type { Trial } from "../trial";
import { clientTcp } from "./client";

const host = { victim: "host", modes: hosted } as const;
const apart = { victim: "B", combinations: ["separate", "groups", "subnets-groups"] } as const;
const fire = { victim: "A", combinations: ["firewall", "subnets-groups"] } as const;
const fire4 = { ...fire, modes: open4 } as const;

const tcp = (address: string, port: number) => `reach tcp ${address} ${port}`;
const udp = (address: string, port: number) => `reach udp ${address} ${port}`;
const ping = (address: string) => `ping -q -c 2 -i 0.3 -W 1 ${address} >/dev/null`;

/** Ordinary connections to where a machine has no business. */
export const reach: readonly Trial[] = [
  { victim: "metadata", modes: routed, name: "HTTP to 169.254.169.254", script: tcp("169.254.169.254", 80) },
  { victim: "metadata", modes: routed, name: "ping of 169.254.169.254", script: ping("169.254.169.254") },
  { ...host, name: "SSH of the host, on its IPv4 address", script: tcp("{HOST.ip4}", 22) },
  { ...host, name: "SSH of the host, on its IPv6 address", script: tcp("{HOST.ip6}", 22) },
  { ...host, name: "SSH of the host, on its link-local address", script: tcp("{HOST.ll6}%host0", 22) },
  { ...host, name: "TCP to a port of the host, IPv4", script: tcp("{HOST.ip4}", 8081) },
  { ...host, name: "TCP to a port of the host, IPv6", script: tcp("{HOST.ip6}", 8081) },
  { ...host, name: "UDP to a port of the host, IPv4", script: udp("{HOST.ip4}", 8081) },
  { ...host, name: "UDP to a port of the host, link-local", script: udp("{HOST.ll6}%host0", 8081) },
  { ...apart, name: "TCP to B, IPv4", script: tcp("{B.ip4}", 7777) },
  { ...apart, name: "TCP to B, IPv6", script: tcp("{B.ip6}", 7777) },
  { ...apart, name: "UDP to B, IPv4", script: udp("{B.ip4}", 7777) },
  { ...apart, name: "UDP to B, IPv6", script: udp("{B.ip6}", 7777) },
  { ...apart, name: "ping of B, IPv4", script: ping("{B.ip4}") },
  { ...apart, name: "ping of B, IPv6", script: ping("{B.ip6}") },
  {
    ...fire4,
    name: "TCP from the client to a port that is shut, IPv4",
    at: "client",
    script: clientTcp("{A.ip4}", 81),
  },
  { ...fire, name: "TCP from the client to a port that is shut, IPv6", at: "client", script: clientTcp("{A.ip6}", 81) },
  { ...fire, name: "TCP from B to a port that is shut, IPv4", at: "b", script: tcp("{A.ip4}", 81) },
  { ...fire, name: "TCP from B to a port that is shut, IPv6", at: "b", script: tcp("{A.ip6}", 81) },
  { ...fire, victim: "B", name: "TCP from A that its own rules do not let out, IPv4", script: tcp("{B.ip4}", 81) },
  { ...fire, victim: "B", name: "TCP from A that its own rules do not let out, IPv6", script: tcp("{B.ip6}", 81) },
];

const toD = { victim: "D", modes: routed, combinations: ["bridges"], times: 2 } as const;

/** With a second bridge on the host, and machine D on it. */
export const across: readonly Trial[] = [
  {
    ...toD,
    name: "UDP to D on another bridge in B's name, IPv4",
    frames: "Ether(src=A.mac,dst=GW.mac)/IP(src=B.ip4,dst=D.ip4)/UDP(sport=7777,dport=9)/MARK",
    seen: { at: "d" },
  },
  {
    ...toD,
    name: "UDP to D on another bridge in B's name, IPv6",
    frames: "Ether(src=A.mac,dst=GW.mac)/IPv6(src=B.ip6,dst=D.ip6)/UDP(sport=7777,dport=9)/MARK",
    seen: { at: "d" },
  },
  {
    ...toD,
    name: "UDP to B in the name of D on another bridge, IPv4",
    victim: "B",
    frames: "Ether(src=A.mac,dst=GW.mac)/IP(src=D.ip4,dst=B.ip4)/UDP(sport=7777,dport=9)/MARK",
    seen: { at: "b" },
  },
  {
    ...toD,
    name: "UDP to B in the name of D on another bridge, IPv6",
    victim: "B",
    frames: "Ether(src=A.mac,dst=GW.mac)/IPv6(src=D.ip6,dst=B.ip6)/UDP(sport=7777,dport=9)/MARK",
    seen: { at: "b" },
  },
  {
    ...toD,
    name: "ARP: the address of D on another bridge is at A",
    victim: "host",
    times: 4,
    every: 0.4,
    frames: "Ether(src=A.mac,dst=HOST.mac)/ARP(op=1,hwsrc=A.mac,psrc=D.ip4,pdst=HOST.ip4)",
    works: { at: "host", if: "ip neigh show {D.ip4} | grep -qi 'lladdr {A.mac}'" },
    seen: { at: "bridge" },
  },
];
