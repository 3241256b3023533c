import { isIpv6 } from "../../model/address";
import type { BridgeArgs, MachineNetworkArgs } from "../../model/args";
import type { Desired } from "../../model/desired";
import { netdevFile } from "../../model/paths";
import { claim } from "../claim";
import { Draft } from "../draft";
import { unitSteps } from "../unit-steps";
import { factAs } from "../../model/fact/fact-as";
import { hostFiles } from "../files";
import { filterPrune } from "../filter-steps";
import { privateChecks } from "../private-checks";
import type { Program } from "../program";
import { bridgeObject } from "../bridge-object";
import { packageSteps } from "../package-steps";
import { resourceKey } from "../resource-key";
import { tunnelChecks, tunnelGuard, tunnelSteps } from "../tunnel-steps";
import { reachProbes } from "../reach-probes";
import type { Families, PlannedMode } from "./planned-mode";

export const routed: PlannedMode = {
  planBridge: planBridgeAlone,
  routed: true,
  shared: true,
  ready: () => [],
  // What the uplink receives does not reach them.
  probes: (args, network) => (network.isPrivate === true ? [] : reachProbes(args, network)),
  resolvers: (network) => (network.isPrivate === true ? "" : familiesOf(network)),
};

/** Makes a bridge without an uplink, or brings it back to what is wanted. Machines on it are left alone. */
export function planBridgeAlone(args: BridgeArgs, desired: Desired, previous: { owner?: string }): Program {
  const { bridge, adopt, lan4 } = args;
  const draft = new Draft();
  const object = bridgeObject(bridge);
  draft.add({ verb: "own", key: resourceKey(args.owner, object), owner: args.owner }, { verb: "lock" });
  privateChecks(draft, args);
  if (args.ipv4 !== undefined) draft.add({ verb: "own_address", address: args.ipv4, link: bridge });
  if (lan4 !== undefined) draft.add({ verb: "apart", network: lan4.network, link: bridge });
  tunnelChecks(draft, args);
  claim(draft, args, desired, { object, adopt, formerOwner: previous.owner, confirm: true });
  draft.add({ verb: "guard_link", link: bridge, path: netdevFile(bridge) }, ...tunnelGuard(args));
  if (args.macvlan !== undefined) draft.add({ verb: "guard_macvlan", macvlan: args.macvlan });
  draft.add(...packageSteps(desired));
  hostFiles(draft, desired);
  draft.add(...filterPrune(args, desired), { verb: "settle" }, { verb: "hand_back", link: bridge });
  draft.add({ verb: "bridge_up", link: bridge, mtu: args.mtu ?? "-" }, ...tunnelSteps(args));
  const addresses = factAs.list(desired.live.addresses);
  draft.add({ verb: "only_addresses", link: bridge, addresses: draft.text(`${addresses.join("\n")}\n`) });
  if (args.macvlan !== undefined) draft.add({ verb: "wired", bridge, macvlan: args.macvlan, mtu: args.mtu ?? "-" });
  draft.add({ verb: "only_ours", bridge }, ...unitSteps(desired));
  for (const address of addresses) draft.add({ verb: "await_address", link: bridge, address });
  const rules = factAs.list(desired.live.rules);
  if (rules.length > 0) draft.add({ verb: "only_rules", link: bridge, rules: draft.text(`${rules.join("\n")}\n`) });
  draft.add({ verb: "confirm" }, { verb: "unlock" });
  return draft.program(180);
}

/** By which a machine reaches its resolvers: those of its addresses. */
function familiesOf(network: MachineNetworkArgs): Families {
  const six = network.addresses.filter(({ address }) => isIpv6(address)).length;
  if (network.addresses.length === 0) return "46";
  return six === 0 ? "4" : six === network.addresses.length ? "6" : "46";
}
