import type { BridgeArgs } from "../../model/args";
import { filterTable } from "../../model/paths";
import { attachFilter } from "./filter-attach";
import { leaseChains, leaseRule, leaseSet } from "./filter-lease";
import { policyChains, policySets, type PolicyRules } from "./filter-policy";
import { portChains, portSets } from "./filter-port";
import { anew } from "./routed-tables";

/** The tables of a bridge whose network nobody outside knows. */
export function natTables(args: BridgeArgs): string {
  const { bridge, attach } = args;
  const table = filterTable(bridge);
  return [
    anew("bridge", table, `${portSets(args)}${leaseSet}${leaseChains(own4)}${portChains(args, leaseRule)}`),
    anew("arp", table, attachFilter(attach).arp(args)),
    anew("inet", table, `${policySets(args)}${forwards}${policyChains(args, hidden(args))}${translation(args)}`),
  ].join("");
}

const own4 = "    iifname . ip saddr @source4 goto volume\n";

/** Ports of the host, to which machines add theirs. */
const forwards = "  map forwards { type inet_proto . inet_service : ipv4_addr . inet_service; }\n";

/**
 * The network's addresses come from nowhere else, and nobody outside reaches them past the host's ports. What belongs to no
 * connection is never translated, so it does not leave.
 */
const hidden = ({ bridge, lan4 }: BridgeArgs): PolicyRules => ({
  prerouting: `    iifname != { "${bridge}", "lo" } ip saddr ${lan4?.network} drop\n`,
  host: "    udp sport 68 udp dport 67 accept\n",
  forward: `    iifname != "${bridge}" oifname "${bridge}" ip daddr ${lan4?.network} ct state new ct status & dnat == 0 drop
    iifname "${bridge}" oifname != "${bridge}" ip saddr ${lan4?.network} ct state invalid drop\n`,
});

/** For exactly this network, and for what is addressed to the host itself. */
const translation = ({ bridge, lan4 }: BridgeArgs): string => `  chain ports {
    type nat hook prerouting priority -100; policy accept;
    iifname != "${bridge}" fib daddr type local dnat ip to meta l4proto . th dport map @forwards
  }
  chain translated {
    type nat hook postrouting priority 100; policy accept;
    ip saddr ${lan4?.network} oifname != "${bridge}" masquerade
  }
`;
