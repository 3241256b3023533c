import type { BridgeArgs, HostServiceArgs } from "../../model/args";
import { attachFilter } from "./filter-attach";
import { PASSED } from "./filter-port";

type AllowBetween = BridgeArgs["allowBetween"];

/** The sets of a group of machines that may reach each other. */
export const groupSet = (index: number, family: 4 | 6): string => `group${index}_${family}`;

/** Machines' addresses, by what the host asks of them. */
export function policySets(allowBetween: AllowBetween): string {
  const own = ["own4 { type ipv4_addr; }", "own6 { type ipv6_addr; }"];
  const groups = groupsOf(allowBetween).flatMap((_, index) => [
    `${groupSet(index, 4)} { type ipv4_addr; }`,
    `${groupSet(index, 6)} { type ipv6_addr; }`,
  ]);
  const firewalls = ["in", "out"].flatMap((way) => [
    `${way}4 { type ipv4_addr : verdict; }`,
    `${way}6 { type ipv6_addr : verdict; }`,
  ]);
  const near = "near6 { type ipv6_addr; size 65535; flags dynamic; }";
  return [
    ...[...own, near, ...groups].map((set) => `  set ${set}\n`),
    ...firewalls.map((map) => `  map ${map}\n`),
  ].join("");
}

/** Rules of a mode before those of every bridge. */
export interface PolicyRules {
  prerouting: string;
  host: string;
  forward: string;
}

const noRules: PolicyRules = { prerouting: "", host: "", forward: "" };

/** Above a routed bridge: what is forwarded, and what the host itself takes and sends. */
export function policyChains(args: BridgeArgs, before = noRules): string {
  const { bridge, attach, allowBetween } = args;
  const inside = attachFilter(attach).inside(bridge);
  return `  chain prerouting {
    type filter hook prerouting priority -300; policy accept;
${attachFilter(attach).ownSources(bridge)}${before.prerouting}  }
  chain input {
    type filter hook input priority -10; policy accept;
    iifname ${inside} goto host
  }
  chain host {
${before.host}${services(args, ["ip saddr vmap @out4", "ip6 saddr vmap @out6"])}  }
  chain forward {
    type filter hook forward priority -10; policy accept;
${before.forward}    iifname ${inside} ip daddr 169.254.0.0/16 drop
    iifname ${inside} oifname ${inside} jump between
${nearby(args)}    iifname ${inside} ip saddr vmap @out4
    iifname ${inside} ip6 saddr vmap @out6
    oifname ${inside} ip daddr vmap @in4
    oifname ${inside} ip6 daddr vmap @in6
  }
  chain between {
${between(allowBetween)}  }
  chain output {
    type filter hook output priority -10; policy accept;
    oifname ${inside} icmp type redirect drop
    oifname ${inside} icmpv6 type nd-redirect drop
  }
`;
}

/** On a transparent bridge the host is one of the LAN: only what comes from a machine's port is held to its services. */
export function hostPolicy(args: BridgeArgs): string {
  return `  chain input {
    type filter hook input priority -10; policy accept;
    iifname "${args.bridge}" meta mark & ${PASSED} != 0 goto host
  }
  chain host {
${services(args, [])}  }
`;
}

/** What machines may reach on the host: answers, ping, neighbour discovery, and what the program opens. */
function services({ hostServices }: BridgeArgs, limits: string[]): string {
  const lines = [
    "ct state established,related accept",
    "icmp type echo-request accept",
    "icmpv6 type { echo-request, nd-neighbor-solicit, nd-neighbor-advert, mld-listener-report, mld2-listener-report } accept",
    ...limits,
    ...hostServices.map(({ protocol, port }: HostServiceArgs) => `${protocol} dport ${port} accept`),
    "reject with icmpx admin-prohibited",
  ];
  return lines.map((line) => `    ${line}\n`).join("");
}

/**
 * The host asks on the uplink for each address of its own network that a machine sends to, and remembers it for a while:
 * only so many at a time.
 */
function nearby(args: BridgeArgs): string {
  const { bridge, attach, ipv6 } = args;
  if (ipv6 === undefined) return "";
  return `    iifname ${attachFilter(attach).inside(bridge)} meta oifkind != "bridge" oifname != "ve-*" ip6 daddr ${ipv6} ct state new update @near6 { ip6 saddr limit rate over 20/second burst 100 packets } drop\n`;
}

function between(allowBetween: AllowBetween): string {
  if (allowBetween === "all") return "";
  const pairs = groupsOf(allowBetween).flatMap((_, index) => [
    `    ip saddr @${groupSet(index, 4)} ip daddr @${groupSet(index, 4)} return\n`,
    `    ip6 saddr @${groupSet(index, 6)} ip6 daddr @${groupSet(index, 6)} return\n`,
  ]);
  return `${pairs.join("")}    reject with icmpx admin-prohibited\n`;
}

function groupsOf(allowBetween: AllowBetween): string[][] {
  return Array.isArray(allowBetween) ? allowBetween : [];
}
