import type { MachineArgs } from "../../model/args";
import { tunnelLink } from "../../model/paths";
import type { PluggedNetwork } from "../../model/plugged";
import { strangerIn } from "../../model/stranger";
import { firstOfEach, probesOf, type Way } from "../reach-probes";
import type { Step } from "../step";
import type { PlannedMode } from "./planned-mode";
import { planBridgeAlone } from "./routed";

/** Nobody outside reaches a machine there, and it reaches nobody; by a tunnel those on other hosts do. */
export const isolated: PlannedMode = {
  planBridge: (args, desired, previous) => planBridgeAlone({ ...args, ipv4: undefined }, desired, previous),
  routed: false,
  shared: false,
  ready: () => [],
  probes,
  resolvers: () => "",
};

function probes(args: MachineArgs, network: PluggedNetwork): Step[] {
  const { vxlan, lan4, lan6, addresses } = network;
  const taken = addresses.map(({ address }) => address);
  const networks = { ipv4: lan4?.network, ipv6: lan6 };
  const ways = firstOfEach(network).map(([family, address]): Way => {
    const segment = networks[family];
    if (vxlan === undefined || segment === undefined) return { entry: "nobody", family, address, kinds: [] };
    return { entry: tunnelLink(vxlan), peer: strangerIn(segment, taken), family, address };
  });
  return probesOf(args, network, ways);
}
