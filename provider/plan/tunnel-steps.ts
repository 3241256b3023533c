import type { BridgeArgs, VxlanArgs } from "../model/args";
import { addressInMesh, endsOf, meshMtu, wireguardPort } from "../model/mesh";
import { meshLink, netdevFile, tunnelLink } from "../model/paths";
import { vxlanPort } from "../model/vxlan";
import type { Draft } from "./draft";
import type { Step } from "./step";

/** What a tunnel needs of the host: its own address, ways to the others that are wide enough. Before anything is changed. */
export function tunnelChecks(draft: Draft, { vxlan, mtu }: BridgeArgs): void {
  if (vxlan === undefined) return;
  const { id, local, peers, port = vxlanPort } = vxlan;
  const text = draft.text(peers.map((peer) => `${peer}\n`).join(""));
  const wireguard = outerPort(vxlan) ?? "-";
  draft.add({ verb: "underlay", link: tunnelLink(id), address: local, port, mtu: mtu ?? "-", peers: text, wireguard });
}

const outerPort = ({ wireguard }: VxlanArgs): number | undefined => wireguard && (wireguard.port ?? wireguardPort);

/** A link of that name that is not ours is somebody's. */
export function tunnelGuard({ vxlan }: BridgeArgs): Step[] {
  if (vxlan === undefined) return [];
  const links = [tunnelLink(vxlan.id), ...(vxlan.wireguard === undefined ? [] : [meshLink(vxlan.id)])];
  return links.map((link): Step => ({ verb: "guard_link", link, path: netdevFile(link) }));
}

/** Once the bridge is there, and its filter. What the tunnel's packets are in comes first. */
export function tunnelSteps({ bridge, vxlan, mtu }: BridgeArgs): Step[] {
  if (vxlan === undefined) return [];
  const { id, port = vxlanPort } = vxlan;
  const { local: address } = endsOf(vxlan);
  return [...meshSteps(vxlan, mtu), { verb: "tunnel", link: tunnelLink(id), bridge, address, port, mtu: mtu ?? "-" }];
}

function meshSteps(vxlan: VxlanArgs, mtu: number | undefined): Step[] {
  const port = outerPort(vxlan);
  if (port === undefined) return [];
  const address = addressInMesh(vxlan);
  return [{ verb: "mesh", link: meshLink(vxlan.id), address, port, mtu: mtu === undefined ? "-" : meshMtu(mtu) }];
}
