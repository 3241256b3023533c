import type { FoundChain, Netfilter } from "./ruleset";
import type { Traffic } from "./traffic";
import type { End } from "./walk";

/** A rule that lets something pass, as nft(8) and as iptables(8) write it. */
interface Rule {
  nft: string;
  iptables: string;
}

export const quoted = (link: string): string => (link.endsWith("*") ? link : `"${link}"`);
export const plus = (link: string): string => link.replace(/\*$/, "+");

const comesBy = (link: string): Rule => ({ nft: `iifname ${quoted(link)}`, iptables: `-i ${plus(link)}` });
const leavesBy = (link: string): Rule => ({ nft: `oifname ${quoted(link)}`, iptables: `-o ${plus(link)}` });

/** What has to be let through where a packet ended. */
function rulesFor({ packet, base }: End, { link }: Traffic): Rule[] {
  if (packet.type?.startsWith("nd-")) return discovery;
  if (packet.family === "arp") return [{ nft: "arp operation { request, reply }", iptables: "" }];
  if (base.family === "bridge") return [{ nft: "ether type { ip, ip6, arp }", iptables: "" }];
  if (base.hook === "forward") return [leavesBy(link), comesBy(link)];
  return [
    ...(packet.iif === undefined ? [] : [comesBy(packet.iif)]),
    ...(packet.oif === undefined ? [] : [leavesBy(packet.oif)]),
  ];
}

const discovery: Rule[] = [
  {
    nft: "icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-advert }",
    iptables: "-p ipv6-icmp --icmpv6-type neighbour-solicitation",
  },
  { nft: "", iptables: "-p ipv6-icmp --icmpv6-type neighbour-advertisement" },
];

/** What to add so that a network's traffic passes, in the words of whoever made the chain. */
export function advice(end: End, traffic: Traffic, { chains }: Netfilter): string {
  const rules = rulesFor(end, traffic);
  const table = chains.filter((chain) => sameTable(chain, end.base));
  const has = (pattern: RegExp): boolean => table.some(({ name }) => pattern.test(name));
  const forwards = end.base.hook === "forward" && end.base.family !== "bridge";
  if (end.base.table === "firewalld") return firewalld(traffic);
  if (forwards && has(/^DOCKER-USER$/)) return inChain(end, rules, "DOCKER-USER");
  if (forwards && has(/^ufw6?-/)) return ufw(traffic);
  return inChain(end, rules, end.base.name);
}

/** Somebody's translation has to leave the machines' addresses alone. */
export function adviceToLeave(end: End, { addresses = [] }: Traffic): string {
  const own = addresses.filter((address) => address.includes(":") === (end.packet.family === "ipv6"));
  const word = end.packet.family === "ipv6" ? "ip6" : "ip";
  const whose = own.length === 0 ? "ADDRESSES" : own.join(", ");
  const rule = { nft: `${word} saddr { ${whose} }`, iptables: `-s ${own.join(",") || "ADDRESSES"}` };
  return `nothing of ours is translated, so leave machines' addresses out: ${inChain(end, [rule], end.base.name)}`;
}

const sameTable = (chain: FoundChain, { backend, family, table }: FoundChain): boolean =>
  chain.backend === backend && chain.family === family && chain.table === table;

export function inChain({ base }: End, rules: Rule[], chain: string): string {
  if (base.backend === "nft") {
    const lines = rules.flatMap(({ nft }) =>
      nft === "" ? [] : [`nft insert rule ${base.family} ${base.table} ${chain} ${nft} accept`],
    );
    return `add ${lines.join("; ")} (and the same where these rules are loaded from, such as /etc/nftables.conf)`;
  }
  const program = `${base.family === "ip6" ? "ip6tables" : "iptables"}${base.backend === "iptables-legacy" ? "-legacy" : ""}`;
  const of = base.table === "filter" ? "" : ` -t ${base.table}`;
  const lines = rules.map(({ iptables }) => `${program}${of} -I ${chain} ${iptables} -j ACCEPT`);
  return `add ${lines.join("; ")} (and have them again after a reboot)`;
}

const ufw = ({ link }: Traffic): string => `ufw route allow out on ${plus(link)}; ufw route allow in on ${plus(link)}`;

/** A zone accepts what comes from it; what goes to it needs a policy. */
function firewalld({ link }: Traffic): string {
  const command = "firewall-cmd --permanent";
  return [
    `${command} --zone=trusted --add-interface=${plus(link)}`,
    `${command} --new-policy=machines`,
    `${command} --policy=machines --add-ingress-zone=ANY --add-egress-zone=trusted --set-target=ACCEPT`,
    "firewall-cmd --reload",
  ].join("; ");
}
