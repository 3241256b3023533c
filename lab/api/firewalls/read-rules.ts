import { Address4, Address6 } from "ip-address";
import { Fields } from "../http/fields";
import type { FirewallRule } from "./firewall-rule";

const PROTOCOLS = ["tcp", "udp", "icmp", "esp", "gre"] as const;
const PORT = /^(any|\d{1,5}(-\d{1,5})?)$/;

/** The `rules` of a request. */
export function readRules(fields: Fields): FirewallRule[] {
  return fields.list("rules").flatMap((entry, index) => {
    const rule = readRule(entry);
    if (typeof rule !== "string") return [rule];
    fields.reject(`rules.${index}`, rule);
    return [];
  });
}

/** The rule, or what is wrong with it. */
function readRule(entry: unknown): FirewallRule | string {
  const fields = new Fields((entry ?? {}) as Record<string, unknown>);
  const direction = fields.oneOf("direction", ["in", "out"] as const);
  const protocol = fields.oneOf("protocol", PROTOCOLS);
  const port = fields.string("port") ?? null;
  const sources = addresses(fields, "source_ips");
  const destinations = addresses(fields, "destination_ips");
  const description = fields.string("description") ?? null;
  if (!direction || !protocol) return "direction and protocol are required";
  const rule = { direction, protocol, port, source_ips: sources, destination_ips: destinations, description };
  return portProblem(rule) ?? addressProblem(rule) ?? rule;
}

function addressProblem({ direction, source_ips, destination_ips }: FirewallRule): string | undefined {
  const wrong = [...source_ips, ...destination_ips].find((text) => !isNetwork(text));
  if (wrong !== undefined) return `'${wrong}' is not a network in CIDR notation with its host bits zero`;
  const [needed, name] = direction === "in" ? [source_ips, "source_ips"] : [destination_ips, "destination_ips"];
  return needed.length === 0 ? `a rule of direction ${direction} needs ${name}` : undefined;
}

function portProblem({ protocol, port }: FirewallRule): string | undefined {
  if (protocol !== "tcp" && protocol !== "udp") return port === null ? undefined : `protocol ${protocol} has no port`;
  return port && PORT.test(port) ? undefined : `protocol ${protocol} needs a port, a range of ports, or any`;
}

function addresses(fields: Fields, name: string): string[] {
  return fields.list(name).map(String);
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
