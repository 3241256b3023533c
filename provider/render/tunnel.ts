import type { BridgeArgs, VxlanArgs } from "../model/args";
import type { Fact } from "../model/desired";
import { peerLine } from "../model/fact/peer";
import { tunnelLine } from "../model/fact/tunnel";
import { endsOf } from "../model/mesh";
import { netdevFile, networkFile, tunnelLink } from "../model/paths";
import { UNKNOWN, hasUnknown, isUnknown } from "../model/unknown";
import { vxlanPort } from "../model/vxlan";
import { ini } from "./ini";

/** A bridge's tunnel to other hosts: what is wanted of the host where it has one. */
interface TunnelParts {
  files?: Record<string, string>;
  live?: Record<string, Fact>;
}

export function desiredTunnel({ bridge, vxlan, mtu }: BridgeArgs): TunnelParts {
  if (vxlan === undefined || isUnknown(vxlan) || isUnknown(vxlan.id)) return {};
  // Of keys that are not known yet nothing is made.
  if (vxlan.wireguard !== undefined && hasUnknown(vxlan)) return { live: { tunnel: UNKNOWN, peers: UNKNOWN } };
  const name = tunnelLink(vxlan.id);
  const { id, port = vxlanPort } = vxlan;
  const { local } = endsOf(vxlan);
  const size = String(mtu);
  const line = tunnelLine({ name, id, local, port, up: true, master: bridge, apart: true, mtu: Number(mtu) });
  return {
    files: { [netdevFile(name)]: netdev(name, vxlan, size), [networkFile(name)]: network(name, bridge, vxlan, size) },
    live: {
      tunnel: hasUnknown([vxlan, bridge, mtu]) ? UNKNOWN : line,
      peers: peersOf(vxlan).map((address) => (isUnknown(address) ? UNKNOWN : peerLine({ address, link: name }))),
    },
  };
}

const peersOf = (vxlan: VxlanArgs): string[] => (isUnknown(vxlan.peers) ? [UNKNOWN] : [...endsOf(vxlan).peers].sort());

/** systemd.netdev(5). It learns behind which peer a machine is, as every VXLAN does; the first frame goes to all. */
function netdev(name: string, vxlan: VxlanArgs, mtu: string): string {
  const { id, port = vxlanPort } = vxlan;
  const { local } = endsOf(vxlan);
  return ini([
    ["NetDev", { Name: name, Kind: "vxlan", MTUBytes: mtu }],
    ["VXLAN", { VNI: String(id), Local: local, MacLearning: "yes", DestinationPort: String(port), Independent: "yes" }],
  ]);
}

/**
 * systemd.network(5). A port that reaches machines and no other tunnel, from which the bridge learns nothing: whatever no
 * machine of this host has is sent there. What is for all goes to each peer by itself.
 */
function network(name: string, bridge: string, vxlan: VxlanArgs, mtu: string): string {
  return ini([
    ["Match", { Name: name }],
    ["Link", { RequiredForOnline: "no", MTUBytes: mtu }],
    ["Network", { Bridge: bridge, LinkLocalAddressing: "no", LLDP: "no" }],
    ["Bridge", { Isolated: "yes", Learning: "no", UseBPDU: "no" }],
    ...peersOf(vxlan).map((peer): [string, Record<string, string>] => [
      "BridgeFDB",
      { MACAddress: "00:00:00:00:00:00", Destination: peer },
    ]),
  ]);
}
