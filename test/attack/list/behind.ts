import { routed } from "../mode";
import type { Trial } from "../trial";
import { clientSays, clientTcp } from "./client";
import { never } from "./pieces";

const ping = (address: string, more = "") => `ping -q -c 2 -i 0.3 -W 2 ${more} ${address} >/dev/null`;
const from = (address: string, more = "") => ping(address, `-I {A.net6} ${more}`);

const withSubnets = { modes: routed, combinations: ["subnets", "subnets-groups"] } as const;
const withB = { modes: routed, combinations: ["subnets"] } as const;

/** What who has a subnet may do with it. */
export const behind: readonly Trial[] = [
  { ...withSubnets, name: "ping of the client from A's subnet", victim: "client", script: from("{CLIENT.ip6}") },
  {
    ...{ ...withSubnets, name: "4,000 bytes to the client from A's subnet", victim: "client" },
    script: from("{CLIENT.ip6}", "-s 4000"),
  },
  {
    ...{ ...withSubnets, name: "UDP from any address of A's subnet", victim: "outside", seen: { at: "uplink" } },
    frames:
      "Ether(src=A.mac,dst=GW.mac)/IPv6(src=A.net6[:-1]+'dead:beef',dst=CLIENT.ip6)/UDP(sport=7777,dport=7777)/MARK",
  },
  {
    ...{ ...withSubnets, name: "ping of the client from behind A", victim: "client" },
    script: `ip netns exec behind ${ping("{CLIENT.ip6}")}`,
  },
  { ...withSubnets, name: "ping from the client", victim: "behind A", at: "client", script: ping("{A.behind6}") },
  {
    ...{ ...withSubnets, name: "4,000 bytes from the client", victim: "behind A", at: "client" },
    script: ping("{A.behind6}", "-s 4000"),
  },
  {
    ...{ ...withSubnets, name: "TCP from the client to A's subnet", victim: "A", at: "client" },
    script: clientTcp("{A.net6}", 80),
  },
  {
    ...{ ...withSubnets, name: "UDP from the client to A's subnet", victim: "A", at: "client", works: never },
    ...{ script: clientSays("{A.net6}", "{MARK}"), seen: { at: "a" } },
  },
  { ...withSubnets, name: "ping of C from A's subnet", victim: "C", script: from("{C.ip6}") },
  { ...withSubnets, name: "ping of the gateway from A's subnet", victim: "gateway", script: from("{HOST.ip6}") },
  { ...withB, name: "ping of B from A's subnet", victim: "B", script: from("{B.ip6}") },
  { ...withB, name: "ping from A's subnet", victim: "behind B", script: from("{B.behind6}") },
  { ...withB, name: "TCP to B's subnet", victim: "B", script: "reach tcp {B.net6} 7777" },
];
