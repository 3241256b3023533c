import { isPlainObject } from "../../model/read/plain-object";
import { printableLine } from "../../model/read/printable";
import { nftKeyMatch, nftMatches } from "./nft-match";
import type { FoundChain, FoundRule, Match, TableFamily, Verdict } from "./ruleset";

type Json = Record<string, unknown>;

const families: readonly string[] = ["ip", "ip6", "inet", "arp", "bridge", "netdev"] satisfies TableFamily[];

/** Statements that change nothing of where a packet goes; a limit takes the first packet. */
const passing = [
  ...[
    "counter",
    "log",
    "comment",
    "mangle",
    "notrack",
    "set",
    "add",
    "map",
    "quota",
    "last",
    "meter",
    "dup",
    "secmark",
  ],
  ...["ct helper", "ct timeout", "ct expectation", "flow"],
];

/** A chain, and whether a rule of it is one that only iptables(8) can explain. */
export interface NftChain extends FoundChain {
  opaque: boolean;
}

/**
 * What `nft -j list table …` wrote, a table a line, libnftables-json(5). What newer versions may say besides is a rule of
 * which nobody knows what it does.
 *
 * @returns `undefined` when it is no JSON of nft
 */
export function parseNft(text: string): NftChain[] | undefined {
  const chains = new Map<string, NftChain>();
  for (const line of text.split("\n").filter((each) => each !== "")) {
    const objects = objectsIn(line);
    if (objects === undefined) return undefined;
    for (const object of objects) take(object, chains);
  }
  return [...chains.values()];
}

function objectsIn(line: string): Json[] | undefined {
  try {
    const whole: unknown = JSON.parse(line);
    if (!isPlainObject(whole) || !Array.isArray(whole.nftables)) return undefined;
    return (whole.nftables as unknown[]).filter(isPlainObject);
  } catch {
    return undefined;
  }
}

const word = (value: unknown): string => (typeof value === "string" ? printableLine(value, 200) : "");

function take({ chain, rule }: Json, chains: Map<string, NftChain>): void {
  if (isPlainObject(chain)) {
    const found = chainOf(chain);
    if (found !== undefined) chains.set(`${found.family} ${found.table} ${found.name}`, found);
  }
  if (!isPlainObject(rule)) return;
  const found = chains.get(`${word(rule.family)} ${word(rule.table)} ${word(rule.chain)}`);
  if (found === undefined) return;
  const statements = Array.isArray(rule.expr) ? (rule.expr as unknown[]).filter(isPlainObject) : [];
  found.opaque ||= statements.some((statement) => "xt" in statement);
  found.rules.push(ruleOf(statements, `rule with handle ${Number(rule.handle)}`));
}

function chainOf(chain: Json): NftChain | undefined {
  const family = word(chain.family);
  if (!families.includes(family)) return undefined;
  const devices = [chain.dev].flat().filter((dev) => typeof dev === "string");
  return {
    backend: "nft",
    family: family as TableFamily,
    table: word(chain.table),
    name: word(chain.name),
    ...(typeof chain.hook === "string" ? { hook: word(chain.hook) } : {}),
    ...(devices.length === 0 ? {} : { devices: devices.map(word) }),
    policy: chain.policy === "drop" ? "drop" : "accept",
    rules: [],
    opaque: false,
  };
}

function ruleOf(statements: Json[], text: string): FoundRule {
  const rule: FoundRule = { matches: [], verdict: "none", text };
  for (const statement of statements) {
    if ("match" in statement) rule.matches.push(...nftMatches(statement.match));
    else if ("limit" in statement) rule.matches.push(limited(statement.limit));
    else if ("vmap" in statement) rule.cases = casesOf(statement.vmap);
    else if ("xt" in statement) rule.matches.push("perhaps");
    else if (!passing.some((name) => name in statement)) rule.verdict = verdictOf(statement);
  }
  // A target that nobody explains.
  const last = statements.at(-1);
  if (last !== undefined && "xt" in last) rule.verdict = "perhaps";
  return rule;
}

/** A first packet is under every rate. */
const limited = (limit: unknown): Match =>
  isPlainObject(limit) && limit.inv === true ? { field: "protocol", not: false, values: [] } : "always";

/** What a statement does when it is one of these; `reject` only says that it drops. */
const verdicts: Record<string, Verdict> = {
  ...({ accept: "accept", drop: "drop", reject: "drop", return: "return", continue: "none" } as const),
  ...({
    masquerade: "translate",
    snat: "translate",
    dnat: "translate",
    redirect: "translate",
    tproxy: "translate",
  } as const),
};

function verdictOf(statement: Json): Verdict {
  const [name = "", value] = Object.entries(statement)[0] ?? [];
  if ((name === "jump" || name === "goto") && isPlainObject(value))
    return { jump: word(value.target), back: name === "jump" };
  return Object.hasOwn(verdicts, name) ? verdicts[name]! : "perhaps";
}

function casesOf(vmap: unknown): FoundRule["cases"] {
  const data = isPlainObject(vmap) && isPlainObject(vmap.data) ? vmap.data.set : undefined;
  if (!isPlainObject(vmap) || !Array.isArray(data)) return [{ match: "perhaps", verdict: "perhaps" }];
  return (data as unknown[]).map((entry) => {
    const [value, verdict] = Array.isArray(entry) ? (entry as unknown[]) : [];
    return { match: nftKeyMatch(vmap.key, value), verdict: isPlainObject(verdict) ? verdictOf(verdict) : "perhaps" };
  });
}
