import { Address4, Address6 } from "ip-address";
import { Fields } from "../http/fields";
import type { FirewallRule } from "../records/firewall-rule";

const PROTOCOLS = ["tcp", "udp", "icmp", "esp", "gre"] as const;
const PORT = /^(\d{1,5})(?:-(\d{1,5}))?$/;

/** Hetzner's limits: rules of a firewall, networks of a rule, networks of all rules together, characters of a description. */
const RULES = 50;
const NETWORKS = 100;
const EFFECTIVE_RULES = 500;
const DESCRIPTION = 255;

/** The `rules` of a request. */
export function readRules(fields: Fields): FirewallRule[] {
  const entries = fields.objects("rules");
  if (entries.length > RULES) fields.reject("rules", `has ${entries.length} rules, ${RULES} are allowed`);
  const rules = entries.flatMap((entry, index) => {
    const rule = readRule(new Fields(entry));
    if (typeof rule !== "string") return [rule];
    fields.reject(`rules.${index}`, rule);
    return [];
  });
  const effective = rules.reduce((sum, rule) => sum + rule.source_ips.length + rule.destination_ips.length, 0);
  if (effective > EFFECTIVE_RULES) {
    fields.reject("rules", `makes ${effective} effective rules, ${EFFECTIVE_RULES} are allowed`);
  }
  return rules;
}

/** The rule, or what is wrong with it. */
function readRule(fields: Fields): FirewallRule | string {
  fields.require("direction", "protocol");
  const rule = {
    direction: fields.oneOf("direction", ["in", "out"] as const),
    protocol: fields.oneOf("protocol", PROTOCOLS),
    port: fields.string("port") ?? null,
    source_ips: fields.strings("source_ips"),
    destination_ips: fields.strings("destination_ips"),
    description: fields.string("description", { max: DESCRIPTION }) ?? null,
  };
  const problem = fields.firstProblem();
  if (problem !== undefined) return problem;
  const read = rule as FirewallRule;
  return portProblem(read) ?? addressProblem(read) ?? read;
}

function addressProblem({ direction, source_ips, destination_ips }: FirewallRule): string | undefined {
  const wrong = [...source_ips, ...destination_ips].find((text) => !isNetwork(text));
  if (wrong !== undefined) return `'${wrong}' is not a network in CIDR notation with its host bits zero`;
  const [used, name, idle] =
    direction === "in" ? [source_ips, "source_ips", destination_ips] : [destination_ips, "destination_ips", source_ips];
  if (used.length === 0) return `a rule of direction ${direction} needs ${name}`;
  if (idle.length > 0) return `a rule of direction ${direction} has ${name} only`;
  return used.length > NETWORKS ? `${name} has ${used.length} networks, ${NETWORKS} are allowed` : undefined;
}

function portProblem({ protocol, port }: FirewallRule): string | undefined {
  if (protocol !== "tcp" && protocol !== "udp") return port === null ? undefined : `protocol ${protocol} has no port`;
  if (port === "any" || isPort(port ?? "")) return undefined;
  return `protocol ${protocol} needs a port from 1 to 65535, a range with the lower one first, or any`;
}

function isPort(text: string): boolean {
  const [, from, to = from] = PORT.exec(text) ?? [];
  const [low, high] = [Number(from), Number(to)];
  return low >= 1 && low <= high && high <= 65535;
}

function isNetwork(text: string): boolean {
  if (!text.includes("/")) return false;
  if (Address4.isValid(text)) {
    const address = new Address4(text);
    return address.startAddress().correctForm() === address.correctForm();
  }
  if (!Address6.isValid(text)) return false;
  const address = new Address6(text);
  return address.startAddress().correctForm() === address.correctForm();
}
