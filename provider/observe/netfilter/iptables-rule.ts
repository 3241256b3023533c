import { printableLine } from "../../model/read/printable";
import { canonicalValue } from "./nft-match";
import type { Field, FoundRule, Match, Verdict } from "./ruleset";

/** Options that ask something which we know how to compare. */
const asked: Record<string, Field> = {
  ...{ "-i": "iif", "-o": "oif", "-p": "protocol", "-s": "source", "-d": "destination" },
  ...{ "--ctstate": "state", "--state": "state", "--icmp-type": "type", "--icmpv6-type": "type" },
  ...{ "--hl-eq": "hops", "--ttl-eq": "hops" },
};

/** Options that ask nothing, with a value. */
const silent = ["--comment", "--limit", "--limit-burst", "-m"];

/** Targets that let a packet go on. */
const passing = [
  ...["LOG", "NFLOG", "ULOG", "MARK", "CONNMARK", "CT", "NOTRACK", "SET", "TCPMSS", "TOS", "DSCP", "TRACE", "AUDIT"],
  ...["CLASSIFY", "CHECKSUM", "TEE", "TTL", "HL", "SECMARK", "CONNSECMARK", "RATEEST", "LED"],
];
const translating = ["MASQUERADE", "SNAT", "DNAT", "REDIRECT", "NETMAP", "TPROXY"];

/** What follows `-A CHAIN` in a line of iptables-save(8). */
export function iptablesRule(line: string): FoundRule {
  const words = wordsOf(line);
  // What follows a target are its own.
  const end = words.findIndex((word) => word === "-j" || word === "-g");
  const questions = end < 0 ? words : words.slice(0, end);
  const verdict = end < 0 ? "none" : verdictOf(words[end] ?? "", words[end + 1] ?? "");
  return { matches: matchesOf(questions), verdict, text: `rule "${printableLine(line, 200)}"` };
}

function matchesOf(words: string[]): Match[] {
  const options = words.flatMap((word, at) => (isOption(word) && !silent.includes(words[at - 1] ?? "") ? [at] : []));
  return options.flatMap((at) => question(words[at] ?? "", words[at + 1] ?? "", words[at - 1] === "!"));
}

const isOption = (word: string): boolean => /^--?[a-z]/.test(word);

function question(option: string, value: string, not: boolean): Match[] {
  if (silent.includes(option)) return [];
  const field = asked[option];
  if (field === undefined) return ["perhaps"];
  if (field === "protocol" && value === "all") return [];
  const values = field === "state" ? value.toLowerCase().split(",") : [value];
  return [
    {
      field,
      not,
      values: values.map((each) => canonicalValue(field, field === "iif" || field === "oif" ? wildcard(each) : each)),
    },
  ];
}

/** `eth+` of iptables is `eth*` of nft. */
const wildcard = (name: string): string => name.replace(/\+$/, "*");

function verdictOf(option: string, target: string): Verdict {
  if (target === "ACCEPT") return "accept";
  if (target === "DROP" || target === "REJECT") return "drop";
  if (target === "RETURN") return "return";
  if (translating.includes(target)) return "translate";
  if (passing.includes(target)) return "none";
  if (target === "QUEUE" || target === "NFQUEUE") return "perhaps";
  return { jump: printableLine(target, 100), back: option === "-j" };
}

/** Words, of which some are quoted, with a backslash before a quote in them. */
function wordsOf(line: string): string[] {
  const found = line.slice(0, 4000).matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g);
  return [...found].map(([, quoted, bare]) => quoted ?? bare ?? "");
}
