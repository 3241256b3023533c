import type { BridgeArgs } from "../../model/args";
import { knownAttach } from "../../model/known-mode";
import type { Attach } from "../../model/mode";
import { cableArp, cableChains } from "./filter-cable";
import { PASSED, portChains, portSets } from "./filter-port";

/** What the filter of a routed bridge has to know of how machines are attached. */
interface AttachFilter {
  /** The family of the table that has the sets of machines. */
  family: "bridge" | "inet";
  /** Where machines are, for `iifname` and `oifname`. */
  inside: (bridge: string) => string;
  /** Rules by which nothing comes from inside that the filter did not let in, and machines' addresses from nowhere else. */
  ownSources: (bridge: string) => string;
  /** What the tables of each family begin with. */
  bridge: string;
  arp: (args: BridgeArgs) => string;
  inetSets: string;
  inetChains: (args: BridgeArgs) => string;
}

const attachFilters: Record<Attach, AttachFilter> = {
  bridge: {
    family: "bridge",
    inside: (bridge) => `"${bridge}"`,
    ownSources: (bridge) => `    iifname "${bridge}" meta mark & ${PASSED} == 0 drop
    iifname "${bridge}" meta mark set meta mark & 0xbfffffff
    iifname != { "${bridge}", "lo" } ip saddr @own4 drop
    iifname != { "${bridge}", "lo" } ip6 saddr @own6 drop
`,
    bridge: `${portSets}${portChains()}`,
    arp: ({ bridge }) => `  chain input {
    type filter hook input priority -300; policy accept;
    iifname "${bridge}" meta mark & ${PASSED} == 0 drop
  }
`,
    inetSets: "",
    inetChains: () => "",
  },
  veth: {
    family: "inet",
    inside: () => "@members",
    ownSources: () => `    iifname != @members iifname != "lo" ip saddr @own4 drop
    iifname != @members iifname != "lo" ip6 saddr @own6 drop
`,
    // Without ports the bridge's own table stays empty.
    bridge: "",
    arp: cableArp,
    inetSets: portSets,
    inetChains: cableChains,
  },
};

export const attachFilter = (attach: Attach): AttachFilter => attachFilters[knownAttach(attach)];
