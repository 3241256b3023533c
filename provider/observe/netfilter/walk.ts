import { answer, type Answer, type Packet } from "./packet";
import type { FoundChain, FoundRule, Match, Netfilter, TableFamily, Verdict } from "./ruleset";

/** Where a packet ends. */
export interface End {
  chain: FoundChain;
  /** The chain at the hook, from which the other was reached. */
  base: FoundChain;
  /** `policy drop`, or the rule. */
  by: string;
  packet: Packet;
}

/** What may become of a packet in one chain, and where it would be dropped or translated. */
interface Fate {
  may: Set<"pass" | "drop" | "translate" | "return">;
  drop?: End;
  translate?: End;
}

/** Families of tables that see a packet at the hooks of IP. */
const seenBy: Record<Packet["family"], TableFamily[]> = { ipv4: ["ip", "inet"], ipv6: ["ip6", "inet"], arp: ["arp"] };

/** What certainly happens to a packet at a hook: nothing, when there is any way through. */
export function atHook(
  { chains }: Netfilter,
  hook: string,
  packet: Packet,
  families: TableFamily[] = seenBy[packet.family],
): { dropped?: End; translated?: End } {
  const bases = chains.filter((chain) => chain.hook === hook && families.includes(chain.family));
  const fates = bases.map((chain) => new Walk(chains, packet, chain).fate());
  const only = (what: "drop" | "translate"): End | undefined =>
    fates.find(({ may }) => may.size === 1 && may.has(what))?.[what];
  return { dropped: only("drop"), translated: only("translate") };
}

/** Follows one packet through the chains of one base chain; a chain is walked once, so it ends. */
class Walk {
  private readonly known = new Map<string, Fate>();

  constructor(
    private readonly chains: FoundChain[],
    private readonly packet: Packet,
    private readonly base: FoundChain,
  ) {}

  fate(): Fate {
    const { base } = this;
    const fate = this.chain(base);
    if (!fate.may.delete("return")) return fate;
    return merged(fate, this.end(base.policy === "drop" ? "drop" : "pass", base, "policy drop"));
  }

  private end(what: "pass" | "drop" | "translate", chain: FoundChain, by: string): Fate {
    const at = { chain, by, base: this.base, packet: this.packet };
    return { may: new Set([what]), ...(what === "pass" ? {} : { [what]: at }) };
  }

  private chain(chain: FoundChain): Fate {
    const known = this.known.get(chain.name);
    if (known !== undefined) return copy(known);
    // The kernel has no loops; what comes back here has no end.
    this.known.set(chain.name, { may: new Set() });
    let fate: Fate = { may: new Set() };
    for (const rule of chain.rules) {
      const { outcome, goesOn } = this.rule(chain, rule);
      fate = merged(fate, outcome);
      if (!goesOn) {
        this.known.set(chain.name, fate);
        return copy(fate);
      }
    }
    fate.may.add("return");
    this.known.set(chain.name, fate);
    return copy(fate);
  }

  private rule(chain: FoundChain, rule: FoundRule): { outcome: Fate; goesOn: boolean } {
    const taken = taking(rule.matches, this.packet);
    if (taken === "no") return { outcome: { may: new Set() }, goesOn: true };
    if (rule.cases === undefined) return this.verdict(chain, rule, rule.verdict, taken);
    let outcome: Fate = { may: new Set() };
    let goesOn = true;
    for (const { match, verdict } of rule.cases) {
      const is = together([taken, answer(match, this.packet)]);
      if (is === "no") continue;
      const one = this.verdict(chain, rule, verdict, is);
      outcome = merged(outcome, one.outcome);
      goesOn = one.goesOn;
      if (is === "yes") break;
      goesOn = true;
    }
    return { outcome, goesOn };
  }

  private verdict(chain: FoundChain, rule: FoundRule, verdict: Verdict, taken: Answer): ReturnType<Walk["rule"]> {
    const perhaps = taken === "perhaps";
    if (verdict === "none") return { outcome: { may: new Set() }, goesOn: true };
    if (verdict === "perhaps") return { outcome: { may: new Set(["pass"]) }, goesOn: true };
    if (verdict === "return") return { outcome: { may: new Set(["return"]) }, goesOn: perhaps };
    if (typeof verdict === "string") {
      return { outcome: this.end(verdict === "accept" ? "pass" : verdict, chain, rule.text), goesOn: perhaps };
    }
    const target = byName(this.chains).get(nameOf({ ...chain, name: verdict.jump }));
    if (target === undefined) return { outcome: { may: new Set(["pass"]) }, goesOn: true };
    const outcome = this.chain(target);
    const returns = outcome.may.has("return");
    if (verdict.back) outcome.may.delete("return");
    return { outcome, goesOn: perhaps || (verdict.back && returns) };
  }
}

const indexes = new WeakMap<FoundChain[], Map<string, FoundChain>>();

const nameOf = ({ backend, family, table, name }: FoundChain): string => [backend, family, table, name].join("\n");

function byName(chains: FoundChain[]): Map<string, FoundChain> {
  const index = indexes.get(chains) ?? new Map(chains.map((chain) => [nameOf(chain), chain]));
  indexes.set(chains, index);
  return index;
}

/** Whether all questions of a rule take the packet; after the first that does not, none is asked. */
function taking(matches: Match[], packet: Packet): Answer {
  let taken: Answer = "yes";
  for (const match of matches) {
    const one = answer(match, packet);
    if (one === "no") return "no";
    if (one === "perhaps") taken = "perhaps";
  }
  return taken;
}

function together(answers: Answer[]): Answer {
  if (answers.includes("no")) return "no";
  return answers.includes("perhaps") ? "perhaps" : "yes";
}

const copy = (fate: Fate): Fate => ({ ...fate, may: new Set(fate.may) });

function merged(one: Fate, other: Fate): Fate {
  return {
    may: new Set([...one.may, ...other.may]),
    drop: other.drop ?? one.drop,
    translate: other.translate ?? one.translate,
  };
}
