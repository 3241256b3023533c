import type { BridgeArgs } from "../model/args";
import { netdevFile, tunnelLink } from "../model/paths";
import { vxlanPort } from "../model/vxlan";
import type { Draft } from "./draft";
import type { Step } from "./step";

/** What a tunnel needs of the host: its own address, ways to the others that are wide enough. Before anything is changed. */
export function tunnelChecks(draft: Draft, { vxlan, mtu }: BridgeArgs): void {
  if (vxlan === undefined) return;
  const { id, local, peers, port = vxlanPort } = vxlan;
  const text = draft.text(peers.map((peer) => `${peer}\n`).join(""));
  draft.add({ verb: "underlay", link: tunnelLink(id), address: local, port, mtu: mtu ?? "-", peers: text });
}

/** A link of that name that is not ours is somebody's. */
export const tunnelGuard = ({ vxlan }: BridgeArgs): Step[] =>
  vxlan === undefined
    ? []
    : [{ verb: "guard_link", link: tunnelLink(vxlan.id), path: netdevFile(tunnelLink(vxlan.id)) }];

/** Once the bridge is there, and its filter. */
export function tunnelSteps({ bridge, vxlan, mtu }: BridgeArgs): Step[] {
  if (vxlan === undefined) return [];
  const { id, local, port = vxlanPort } = vxlan;
  return [{ verb: "tunnel", link: tunnelLink(id), bridge, address: local, port, mtu: mtu ?? "-" }];
}
