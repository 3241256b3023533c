import type { BridgeArgs } from "../../model/args";
import { filterTable } from "../../model/paths";
import { attachFilter } from "./filter-attach";
import { policyChains, policySets, type PolicyRules } from "./filter-policy";
import { portChains, portSets } from "./filter-port";
import { anew } from "./routed-tables";

/** Who asks for a lease, by the MAC address in its question. */
const clients = "  set client4 { typeof iifname . @th,288,48; }\n";

/** A machine without an address may ask for one, in its own name alone; RFC 2131, 2 has the client's at 28 bytes. */
const asks =
  "    ip saddr 0.0.0.0 ip daddr 255.255.255.255 udp sport 68 udp dport 67 iifname . @th,288,48 @client4 goto volume\n";

/** The tables of a bridge whose network nobody outside knows. */
export function natTables(args: BridgeArgs): string {
  const { bridge, allowBetween, attach } = args;
  const table = filterTable(bridge);
  return [
    anew("bridge", table, `${portSets}${clients}${portChains(asks)}`),
    anew("arp", table, attachFilter(attach).arp(args)),
    anew(
      "inet",
      table,
      `${policySets(allowBetween)}${forwards}${policyChains(args, hidden(args))}${translation(args)}`,
    ),
  ].join("");
}

/** Ports of the host, to which machines add theirs. */
const forwards = "  map forwards { type inet_proto . inet_service : ipv4_addr . inet_service; }\n";

/** The network's addresses come from nowhere else, and nobody outside reaches them past the host's ports. */
const hidden = ({ bridge, lan4 }: BridgeArgs): PolicyRules => ({
  prerouting: `    iifname != { "${bridge}", "lo" } ip saddr ${lan4?.network} drop\n`,
  host: "    udp sport 68 udp dport 67 accept\n",
  forward: `    iifname != "${bridge}" oifname "${bridge}" ip daddr ${lan4?.network} ct state new ct status & dnat == 0 drop\n`,
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
