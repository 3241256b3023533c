import type { FirewallRuleArgs } from "../../model/args";

type Direction = FirewallRuleArgs["direction"];

/**
 * Chains of a machine's own firewall, with the meaning of Hetzner's: what comes in is dropped unless a rule lets it in;
 * what goes out is free unless there is a rule for it. Answers, and errors about what is allowed, always pass.
 *
 * @returns the chains' text, and the chain of each direction that is limited
 */
export function firewallChains(
  name: string,
  rules: readonly FirewallRuleArgs[],
): { text: string; chains: Partial<Record<Direction, string>> } {
  const limited = (["in", "out"] as const).filter(
    (direction) => direction === "in" || rules.some((rule) => rule.direction === direction),
  );
  const text = limited.map((direction) => chain(name, direction, rules));
  return { text: text.join(""), chains: Object.fromEntries(limited.map((each) => [each, `${each}-${name}`])) };
}

function chain(name: string, direction: Direction, rules: readonly FirewallRuleArgs[]): string {
  const lines = rules.filter((rule) => rule.direction === direction).flatMap(matches);
  return [
    `  chain ${direction}-${name} {\n`,
    "    ct state established,related return\n",
    ...lines.map((match) => `    ${match} return\n`),
    "    reject with icmpx admin-prohibited\n",
    "  }\n",
  ].join("");
}

/** A line per network: ranges that overlap cannot stand in one set. */
function matches({ direction, protocol, port, sources, destinations }: FirewallRuleArgs): string[] {
  const end = direction === "in" ? "saddr" : "daddr";
  return (direction === "in" ? sources : destinations)!.map((network) => {
    const ipv6 = network.includes(":");
    return `${ipv6 ? "ip6" : "ip"} ${end} ${network} ${what(protocol, port, ipv6)}`;
  });
}

/** As numbers: a small host has no /etc/protocols. */
const protocols = { tcp: 6, udp: 17, esp: 50, gre: 47 } as const;

function what(protocol: FirewallRuleArgs["protocol"], port: string | undefined, ipv6: boolean): string {
  if (protocol === "icmp") return `meta l4proto ${ipv6 ? 58 : 1}`;
  if (port === undefined || port === "any") return `meta l4proto ${protocols[protocol]}`;
  return `${protocol} dport ${port}`;
}
