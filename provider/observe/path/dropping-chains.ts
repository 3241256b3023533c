export type Family = "ipv4" | "ipv6";

/** A chain of a machine's own firewall that may drop packets to or from the machine. */
export interface DroppingChain {
  /** `table inet filter, chain input (policy drop)`. */
  where: string;
  families: Family[];
}

interface Chain {
  families: Family[];
  where: string;
  /** The part of a packet's way that it is on; other chains are reached by jumps. */
  hook?: string;
  policy: boolean;
  drops: boolean;
  jumps: string[];
}

/** Not `forward`: what a machine forwards is not its own traffic. */
const onTheWay = ["prerouting", "input", "output", "postrouting", "ingress", "egress"];

const familiesOf = (table: string): Family[] =>
  table === "ip" ? ["ipv4"] : table === "ip6" ? ["ipv6"] : ["ipv4", "ipv6"];

/**
 * The chains that can drop something, in the listing of nft(8): by their policy, by a rule, or by a rule of a chain that
 * they jump to.
 */
export function nftChains(lines: readonly string[]): DroppingChain[] {
  const chains = new Map<string, Chain>();
  let table = ["", ""];
  let chain: Chain | undefined;
  for (const line of lines.map((text) => text.replace(/comment "[^"]*"/g, ""))) {
    const opened = /^table (\S+) (\S+)/.exec(line);
    const inside = /^\s+chain (\S+)/.exec(line);
    if (opened !== null) [table, chain] = [[opened[1]!, opened[2]!], undefined];
    else if (inside !== null) chain = open(chains, table.join(" "), inside[1]!, familiesOf(table[0]!));
    else if (chain !== undefined) read(chain, line);
  }
  return dropping(chains);
}

function open(chains: Map<string, Chain>, table: string, name: string, families: Family[]): Chain {
  const chain = { families, where: `table ${table}, chain ${name}`, policy: false, drops: false, jumps: [] };
  chains.set(`${table} ${name}`, chain);
  return chain;
}

function read(chain: Chain, line: string): void {
  const hook = /\bhook (\w+)/.exec(line)?.[1];
  if (hook !== undefined) {
    chain.hook = hook;
    chain.policy = /policy drop/.test(line);
    return;
  }
  if (/(^|[\s:])(drop|reject)\b|xt target "?(DROP|REJECT)/.test(line)) chain.drops = true;
  for (const [, target] of line.matchAll(/\b(?:jump|goto) (\S+)/g)) chain.jumps.push(target!.replace(/[,}]$/, ""));
}

/** The listing of iptables-legacy-save(8) and its IPv6 twin, each after a line `family N`. */
export function legacyChains(lines: readonly string[]): DroppingChain[] {
  const chains = new Map<string, Chain>();
  let [family, table] = ["4", ""];
  const named = (name: string) =>
    chains.get(`${table} ${name}`) ?? open(chains, table, name, family === "6" ? ["ipv6"] : ["ipv4"]);
  for (const line of lines) {
    const words = line.split(" ");
    if (words[0] === "family") [family, table] = [words[1]!, `legacy${words[1]}`];
    else if (line === "unreadable") Object.assign(named("INPUT"), { hook: "input", drops: true });
    else if (line.startsWith("*")) table = `legacy${family} ${line.slice(1)}`;
    else if (line.startsWith(":")) declare(named(words[0]!.slice(1)), words);
    else if (words[0] === "-A") rule(named(words[1]!), words);
  }
  return dropping(chains);
}

function declare(chain: Chain, [name, policy]: string[]): void {
  const hook = name!.slice(1).toLowerCase();
  if (policy !== "-") Object.assign(chain, { hook, policy: policy === "DROP" });
}

function rule(chain: Chain, words: string[]): void {
  const target = words[words.findIndex((word) => word === "-j" || word === "-g") + 1] ?? "";
  if (["DROP", "REJECT"].includes(target)) chain.drops = true;
  else chain.jumps.push(target);
}

function dropping(chains: Map<string, Chain>): DroppingChain[] {
  const found = [...chains].flatMap(([key, chain]) => {
    if (chain.hook === undefined || !onTheWay.includes(chain.hook)) return [];
    const { where, families } = chain;
    if (chain.policy) return [{ where: `${where} (policy drop)`, families }];
    return drops(chains, key, new Set()) ? [{ where, families }] : [];
  });
  return found;
}

function drops(chains: Map<string, Chain>, key: string, seen: Set<string>): boolean {
  const chain = chains.get(key);
  if (chain === undefined || seen.has(key)) return false;
  seen.add(key);
  const table = key.slice(0, key.lastIndexOf(" "));
  return chain.drops || chain.jumps.some((target) => drops(chains, `${table} ${target}`, seen));
}
