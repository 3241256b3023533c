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
  ownSources: (args: BridgeArgs) => string;
  /** What the tables of each family begin with. */
  bridge: (args: BridgeArgs) => string;
  arp: (args: BridgeArgs) => string;
  inetSets: (args: BridgeArgs) => string;
  inetChains: (args: BridgeArgs) => string;
}

/** What machines have comes from nowhere else. */
const own = ({ subnets }: BridgeArgs, elsewhere: string): string =>
  ["ip saddr @own4", "ip6 saddr @own6", ...(subnets === true ? ["ip6 saddr @ownsubnets"] : [])]
    .map((from) => `    ${elsewhere} ${from} drop\n`)
    .join("");

const attachFilters: Record<Attach, AttachFilter> = {
  bridge: {
    family: "bridge",
    inside: (bridge) => `"${bridge}"`,
    ownSources: (args) => `    iifname "${args.bridge}" meta mark & ${PASSED} == 0 drop
    iifname "${args.bridge}" meta mark set meta mark & 0xbfffffff
${own(args, `iifname != { "${args.bridge}", "lo" }`)}`,
    bridge: (args) => `${portSets(args)}${portChains(args)}`,
    arp: ({ bridge }) => `  chain input {
    type filter hook input priority -300; policy accept;
    iifname "${bridge}" meta mark & ${PASSED} == 0 drop
  }
`,
    inetSets: () => "",
    inetChains: () => "",
  },
  veth: {
    family: "inet",
    inside: () => "@members",
    ownSources: (args) => own(args, 'iifname != @members iifname != "lo"'),
    // Without ports the bridge's own table stays empty.
    bridge: () => "",
    arp: cableArp,
    inetSets: portSets,
    inetChains: cableChains,
  },
};

export const attachFilter = (attach: Attach): AttachFilter => attachFilters[knownAttach(attach)];
