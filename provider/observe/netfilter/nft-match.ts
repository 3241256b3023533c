import { isPlainObject } from "../../model/read/plain-object";
import type { Field, Match } from "./ruleset";

/** Protocols by the names that nft(8) writes, and their numbers. */
const names: Record<string, string> = { "1": "icmp", "6": "tcp", "17": "udp", "58": "icmpv6", "ipv6-icmp": "icmpv6" };

/** Types of ICMPv6 in the one form that is compared. */
const types: Record<string, string> = {
  "135": "nd-neighbor-solicit",
  "136": "nd-neighbor-advert",
  "8": "echo-request",
};

/** A value in the form that packets are described in. */
export function canonicalValue(field: Field, value: string): string {
  if (field === "protocol") return names[value] ?? value;
  return field === "type" ? (types[value] ?? value) : value;
}

const metaFields: Record<string, Field> = {
  ...{
    iifname: "iif",
    iif: "iif",
    oifname: "oif",
    oif: "oif",
    l4proto: "protocol",
    nfproto: "family",
    protocol: "family",
  },
};

const payloadFields: Record<string, Field> = {
  ...{ "ip protocol": "protocol", "ip6 nexthdr": "protocol", "ip saddr": "source", "ip6 saddr": "source" },
  ...{
    "ip daddr": "destination",
    "ip6 daddr": "destination",
    "udp dport": "port",
    "ip ttl": "hops",
    "ip6 hoplimit": "hops",
  },
  ...{ "icmp type": "type", "icmpv6 type": "type", "arp operation": "type", "ether type": "family" },
};

/** What a question of nft(8) is about, and which protocol the packet has to be of for it to make sense. */
function subject(left: Record<string, unknown>): { field?: Field; protocol?: string } {
  if (isPlainObject(left.meta)) return { field: metaFields[String(left.meta.key)] };
  if (isPlainObject(left.ct)) return { field: left.ct.key === "state" ? "state" : undefined };
  if (!isPlainObject(left.payload)) return {};
  const { protocol, field } = left.payload;
  const of = ["tcp", "udp", "icmp", "icmpv6", "sctp", "esp", "ah"].find((name) => name === protocol);
  return { field: payloadFields[`${String(protocol)} ${String(field)}`], protocol: of };
}

/** `{"match": {"op", "left", "right"}}` of libnftables-json(5) as questions of ours. */
export function nftMatches(match: unknown): Match[] {
  if (!isPlainObject(match) || !isPlainObject(match.left)) return ["perhaps"];
  const { field, protocol } = subject(match.left);
  const first: Match[] = protocol === undefined ? [] : [{ field: "protocol", not: false, values: [protocol] }];
  const values = nftValues(match.right);
  if (isStatus(match.left)) return [...first, status(match.op, values)];
  const known = ["==", "!=", "in"].includes(String(match.op));
  if (field === undefined || values === undefined || !known) return [...first, "perhaps"];
  return [...first, { field, not: match.op === "!=", values: values.map((value) => canonicalValue(field, value)) }];
}

const isStatus = ({ ct }: Record<string, unknown>): boolean => isPlainObject(ct) && ct.key === "status";

/** Nothing of ours is translated; what else a connection may be, nobody knows. */
function status(op: unknown, values: string[] | undefined): Match {
  const translated = op !== "!=" && values?.every((value) => value === "dnat" || value === "snat") === true;
  return translated ? { field: "state", not: false, values } : "perhaps";
}

/** Whoever a map of verdicts asks, with the values of one of its entries. */
export function nftKeyMatch(key: unknown, value: unknown): Match {
  const { field } = isPlainObject(key) ? subject(key) : {};
  const values = nftValues(value);
  if (value === "*") return "always";
  if (field === undefined || values === undefined) return "perhaps";
  return { field, not: false, values: values.map((one) => canonicalValue(field, one)) };
}

/** Texts, numbers and networks; `undefined` for anything that cannot be compared, such as the elements of a named set. */
function nftValues(right: unknown): string[] | undefined {
  if (typeof right === "string") return right.startsWith("@") ? undefined : [right];
  if (typeof right === "number") return [String(right)];
  if (Array.isArray(right)) return all(right);
  if (!isPlainObject(right)) return undefined;
  if (Array.isArray(right.set)) return all(right.set);
  if (isPlainObject(right.elem)) return nftValues(right.elem.val);
  const { prefix } = right;
  return isPlainObject(prefix) ? [`${String(prefix.addr)}/${String(prefix.len)}`] : undefined;
}

function all(list: unknown[]): string[] | undefined {
  const found = list.map(nftValues);
  return found.includes(undefined) ? undefined : found.flatMap((values) => values ?? []);
}
