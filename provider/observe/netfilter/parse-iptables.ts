import { printableLine } from "../../model/read/printable";
import { iptablesRule } from "./iptables-rule";
import type { FoundChain } from "./ruleset";

/** The built-in chains are at the hook of their name. */
const hooks = ["prerouting", "input", "forward", "output", "postrouting"];

/** What `iptables-save` or `ip6tables-save` wrote. */
export function parseIptables(text: string, family: "ip" | "ip6", backend: FoundChain["backend"]): FoundChain[] {
  const chains = new Map<string, FoundChain>();
  let table = "";
  for (const line of text.split("\n")) {
    if (line.startsWith("*")) table = printableLine(line.slice(1), 100);
    const [, name = "", policy] = /^:(\S+) (\S+)/.exec(line) ?? [];
    if (name !== "") chains.set(`${table} ${name}`, chain(name, policy));
    const [, of = "", rest = ""] = /^-A (\S+) ?(.*)$/.exec(line) ?? [];
    chains.get(`${table} ${of}`)?.rules.push(iptablesRule(rest));
  }
  return [...chains.values()];

  function chain(name: string, policy: string | undefined): FoundChain {
    const hook = hooks.find((each) => each === name.toLowerCase() && policy !== "-");
    const common = { backend, family, table, name: printableLine(name, 100), rules: [] };
    return { ...common, ...(hook === undefined ? {} : { hook }), policy: policy === "DROP" ? "drop" : "accept" };
  }
}
