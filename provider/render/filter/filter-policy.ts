import type { BridgeArgs, HostServiceArgs } from "../../model/args";
import { attachFilter } from "./filter-attach";
import { PASSED } from "./filter-port";

type AllowBetween = BridgeArgs["allowBetween"];

/** The sets of a group of machines that may reach each other. */
export const groupSet = (index: number, family: 4 | 6): string => `group${index}_${family}`;

/** The set of the subnets of a group's machines. */
export const groupSubnets = (index: number): string => `group${index}_subnets`;

/** Machines' addresses and subnets, by what the host asks of them. */
export function policySets({ allowBetween, subnets }: BridgeArgs): string {
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
  const [sets, maps] = subnets === true ? subnetSets(allowBetween) : [[], []];
  return [
    ...[...own, near, ...groups, ...sets].map((set) => `  set ${set}\n`),
    ...[...firewalls, ...maps].map((map) => `  map ${map}\n`),
  ].join("");
}

/** By themselves, because a set of networks costs more to look into than one of addresses. */
function subnetSets(allowBetween: AllowBetween): [sets: string[], maps: string[]] {
  const groups = groupsOf(allowBetween).map((_, index) => groupSubnets(index));
  return [
    ["ownsubnets", ...groups].map((set) => `${set} { ${ofSubnets} }`),
    (["in", "out"] as const).map((way) => `${way}subnets { ${verdictsOfSubnets[way]} }`),
  ];
}

export const ofSubnets = "type ipv6_addr; flags interval;";

/**
 * With the link towards the machine beside the subnet. Of networks alone nft(8) 1.0.6 takes the elements of a file before its
 * chains, to which these lead.
 */
const keysOfSubnets = { in: "oifname . ip6 daddr", out: "iifname . ip6 saddr" };
export const verdictsOfSubnets = {
  in: `typeof ${keysOfSubnets.in} : verdict; flags interval;`,
  out: `typeof ${keysOfSubnets.out} : verdict; flags interval;`,
};

/** The firewalls of machines for what they send, or for what they are sent. */
const firewallsOf = (way: "in" | "out", { subnets }: BridgeArgs): string[] => {
  const end = way === "in" ? "daddr" : "saddr";
  const all = [`ip ${end} vmap @${way}4`, `ip6 ${end} vmap @${way}6`];
  return subnets === true ? [...all, `${keysOfSubnets[way]} vmap @${way}subnets`] : all;
};

/** Rules of a mode before those of every bridge. */
export interface PolicyRules {
  prerouting: string;
  host: string;
  forward: string;
}

const noRules: PolicyRules = { prerouting: "", host: "", forward: "" };

/** Above a routed bridge: what is forwarded, and what the host itself takes and sends. */
export function policyChains(args: BridgeArgs, before = noRules): string {
  const { bridge, attach } = args;
  const inside = attachFilter(attach).inside(bridge);
  return `  chain prerouting {
    type filter hook prerouting priority -300; policy accept;
${attachFilter(attach).ownSources(args)}${before.prerouting}  }
  chain input {
    type filter hook input priority -10; policy accept;
    iifname ${inside} goto host
  }
  chain host {
${before.host}${services(args, firewallsOf("out", args))}  }
${inwardChain(args)}  chain forward {
    type filter hook forward priority -10; policy accept;
${before.forward}${inward(args)}    iifname ${inside} ip daddr 169.254.0.0/16 drop
    iifname ${inside} oifname ${inside} jump between
${nearby(args)}${lines(`iifname ${inside}`, firewallsOf("out", args))}${lines(`oifname ${inside}`, firewallsOf("in", args))}  }
${nearbyChain(args)}  chain between {
${between(args)}  }
  chain output {
    type filter hook output priority -10; policy accept;
    oifname ${inside} icmp type redirect drop
    oifname ${inside} icmpv6 type nd-redirect drop
  }
`;
}

/** To machines of a private network: nothing comes in by another interface of the host's than the one there. */
const inward = ({ bridge, privateNetwork }: BridgeArgs): string =>
  privateNetwork === undefined ? "" : `    iifname != "${bridge}" oifname "${bridge}" jump inward\n`;

/** By the MAC address, which stays; machines of other bridges are the host's own. */
const inwardChain = ({ privateNetwork }: BridgeArgs): string =>
  privateNetwork === undefined
    ? ""
    : `  chain inward {
    ether daddr ${privateNetwork.macAddress} return
    meta iifkind "bridge" return
    iifname "ve-*" return
    drop
  }
`;

const lines = (where: string, rules: string[]): string => rules.map((rule) => `    ${where} ${rule}\n`).join("");

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
function nearby({ bridge, attach, ipv6 }: BridgeArgs): string {
  if (ipv6 === undefined) return "";
  return `    iifname ${attachFilter(attach).inside(bridge)} ip6 daddr ${ipv6} ct state new jump nearby\n`;
}

/**
 * What leads to machines asks nobody on the uplink. Hardware has no kind of link, with which nft(8) compares nothing, not even that
 * it is another: hence the way round.
 */
function nearbyChain({ ipv6, subnets }: BridgeArgs): string {
  if (ipv6 === undefined) return "";
  const limit = "limit rate over 20/second burst 100 packets";
  // Who has a subnet has as many addresses as it likes: of all of them together.
  const ofAll = subnets === true ? `    ip6 saddr @ownsubnets ${limit} drop\n` : "";
  const ofOne = subnets === true ? "ip6 saddr != @ownsubnets " : "";
  return `  chain nearby {
    meta oifkind "bridge" return
    oifname "ve-*" return
${ofAll}    ${ofOne}update @near6 { ip6 saddr ${limit} } drop
  }
`;
}

function between({ allowBetween, subnets }: BridgeArgs): string {
  if (allowBetween === "all") return "";
  const pairs = groupsOf(allowBetween).flatMap((_, index) => {
    const sets6 = [groupSet(index, 6), ...(subnets === true ? [groupSubnets(index)] : [])];
    return [
      `    ip saddr @${groupSet(index, 4)} ip daddr @${groupSet(index, 4)} return\n`,
      ...sets6.flatMap((from) => sets6.map((to) => `    ip6 saddr @${from} ip6 daddr @${to} return\n`)),
    ];
  });
  return `${pairs.join("")}    reject with icmpx admin-prohibited\n`;
}

function groupsOf(allowBetween: AllowBetween): string[][] {
  return Array.isArray(allowBetween) ? allowBetween : [];
}
