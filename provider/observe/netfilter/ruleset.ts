/** Families of tables, nftables(8); those of iptables are `ip` and `ip6`. */
export type TableFamily = "ip" | "ip6" | "inet" | "arp" | "bridge" | "netdev";

/** What of a packet a rule may ask; the two addresses only as far as it matters where they lead. */
export type Field =
  "iif" | "oif" | "protocol" | "family" | "state" | "type" | "source" | "destination" | "hops" | "port";

/** A question of a rule: one of the values, or with `not` none of them. `perhaps`: nobody can say from here. */
export type Match = "perhaps" | "always" | { field: Field; not: boolean; values: string[] };

/** What happens then; `translate` ends a chain as `accept` does, and gives the packet another address. */
export type Verdict = "accept" | "drop" | "translate" | "return" | "perhaps" | "none" | { jump: string; back: boolean };

export interface FoundRule {
  matches: Match[];
  verdict: Verdict;
  /** For people: where it stands. */
  text: string;
  /** A map of verdicts: each with what it takes. */
  cases?: { match: Match; verdict: Verdict }[];
}

/** A chain of a table that is not ours. */
export interface FoundChain {
  /** `iptables-legacy` is a set of tables of its own, which nft(8) does not show. */
  backend: "nft" | "iptables" | "iptables-legacy";
  family: TableFamily;
  table: string;
  name: string;
  /** Only of a chain that packets come to by themselves: `forward`. */
  hook?: string;
  /** Of the family netdev. */
  devices?: string[];
  policy: "accept" | "drop";
  rules: FoundRule[];
}

/** What others filter on a host. */
export interface Netfilter {
  chains: FoundChain[];
  /** Whether what is bridged passes the chains of IP as well (br_netfilter). */
  bridged: { ipv4: boolean; ipv6: boolean };
  /** What is there and could not be read, in words. */
  unread: string[];
}

export const noNetfilter: Netfilter = { chains: [], bridged: { ipv4: false, ipv6: false }, unread: [] };
