import type { BridgeArgs, MachineArgs } from "../../model/args";
import type { Desired } from "../../model/desired";
import { netdevDropIn, netdevFile, networkDropIn } from "../../model/paths";
import { bridgeObject } from "../bridge-object";
import { claim } from "../claim";
import { Draft } from "../draft";
import { hostFiles } from "../files";
import type { Program } from "../program";
import { filterPrune } from "../filter-steps";
import { packageSteps } from "../package-steps";
import { resourceKey } from "../resource-key";
import { unitSteps } from "../unit-steps";
import type { PluggedNetwork } from "../../model/plugged";
import { firstOfEach, probesOf } from "../reach-probes";
import type { Step } from "../step";
import type { PlannedMode } from "./planned-mode";

export const transparent: PlannedMode = {
  planBridge,
  routed: false,
  shared: true,
  // By DHCP and SLAAC, so that nobody but the machine itself can say whether it has come.
  ready: ({ name: machine }, { inside }) => [{ verb: "await_lan", machine, inside }],
  probes,
  resolvers: () => "46",
};

/** Makes the uplink a port of the bridge, or brings both back to that. The one change that could lock everybody out. */
function planBridge(args: BridgeArgs, desired: Desired, previous: { owner?: string }): Program {
  const { bridge: link, adopt, uplink = "-" } = args;
  const object = bridgeObject(link);
  const draft = new Draft();
  draft.add({ verb: "own", key: resourceKey(args.owner, object), owner: args.owner }, { verb: "lock" });
  // It stays with the uplink or moves to the bridge.
  if (args.ipv4 !== undefined) draft.add({ verb: "own_address", address: args.ipv4, link: "-" });
  const paths = [netdevDropIn(link), networkDropIn(link)];
  claim(draft, args, desired, { object, adopt, formerOwner: previous.owner, paths, uplink, confirm: true });
  draft.add({ verb: "guard_link", link, path: netdevFile(link) });
  draft.add({ verb: "guard_uplink", uplink, link, foreign: args.allowForeignMacs ? "yes" : "no" });
  draft.add(...packageSteps(desired));
  hostFiles(draft, desired);
  draft.add(...filterPrune(args, desired), { verb: "enslave", uplink, link }, { verb: "hand_back", link });
  draft.add({ verb: "bridge_up", link, mtu: args.mtu ?? "-" });
  draft.add(...unitSteps(desired));
  draft.add({ verb: "uplink" }, { verb: "confirm" }, { verb: "unlock" });
  return draft.program(180);
}

/** Of a family without a given address the LAN may have given one. */
function probes(args: MachineArgs, network: PluggedNetwork): Step[] {
  const given = new Map(firstOfEach(network));
  const ways = (["ipv4", "ipv6"] as const).map((family) => ({
    ...{ entry: "lan", family, address: given.get(family) ?? family.slice(-1) },
  }));
  return probesOf(args, network, ways);
}
