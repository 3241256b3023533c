import { parseIptables } from "./parse-iptables";
import { parseNft } from "./parse-nft";
import type { FoundChain, Netfilter } from "./ruleset";

/** Tables of ours, in which nothing of others is looked for. */
const own = /^pulumi-nspawn-/;

/**
 * What others filter, as the program wrote it: nft's JSON, and what iptables-save(8) says where that is of iptables, whose
 * matches nft cannot explain.
 *
 * @param text a fact by its name
 */
export function parseNetfilter(text: (name: string) => string): Netfilter {
  const nft = parseNft(text("ruleset"));
  const explained = [
    ...parseIptables(text("iptables.ip"), "ip", "iptables"),
    ...parseIptables(text("iptables.ip6"), "ip6", "iptables"),
  ];
  const tables = new Set(explained.map(tableOf));
  const plain = (nft ?? []).filter((chain) => !own.test(chain.table) && !tables.has(tableOf(chain)));
  const legacy = [
    ...parseIptables(text("legacy.ip"), "ip", "iptables-legacy"),
    ...parseIptables(text("legacy.ip6"), "ip6", "iptables-legacy"),
  ];
  const unread = text("ruleset.unread")
    .split("\n")
    .filter((line) => line !== "");
  const isBridged = (family: string): boolean => new RegExp(`^bridge-nf-call-${family}\t1$`, "m").test(text("bridged"));
  return {
    chains: [...plain, ...explained, ...legacy],
    bridged: { ipv4: isBridged("iptables"), ipv6: isBridged("ip6tables") },
    unread: nft === undefined ? [...unread, "the rules of nft"] : unread,
  };
}

const tableOf = ({ family, table }: FoundChain): string => `${family} ${table}`;
