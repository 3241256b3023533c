import type { BridgeArgs } from "../model/args";
import type { Fact } from "../model/desired";
import { meshLine, meshPeerLine } from "../model/fact/mesh";
import { addressInMesh, meshMtu, meshPeersOf, wireguardPort, type MeshPeer } from "../model/mesh";
import { meshLink, netdevFile, networkFile, wireguardKeyFile } from "../model/paths";
import { UNKNOWN, hasUnknown } from "../model/unknown";
import { ini } from "./ini";

/** WireGuard between the hosts of a tunnel: what is wanted of the host where it has one. */
interface MeshParts {
  files?: Record<string, string>;
  live?: Record<string, Fact>;
}

export function desiredMesh({ vxlan, mtu }: BridgeArgs): MeshParts {
  if (vxlan?.wireguard === undefined) return {};
  if (hasUnknown([vxlan, mtu])) return { live: { mesh: UNKNOWN, meshPeers: UNKNOWN } };
  const name = meshLink(vxlan.id);
  const { key, port = wireguardPort } = vxlan.wireguard;
  const size = meshMtu(Number(mtu));
  const address = addressInMesh(vxlan);
  const peers = meshPeersOf(vxlan);
  return {
    files: { [netdevFile(name)]: netdev(name, size, port, peers), [networkFile(name)]: network(name, size, address) },
    live: {
      mesh: meshLine({ name, address, port, key, up: true, mtu: size }),
      meshPeers: peers.map((peer) => meshPeerLine({ key: peer.key, addresses: `${peer.address}/128`, link: name })),
    },
  };
}

/** systemd.netdev(5). The secret key is a file of the host, which it alone has. */
function netdev(name: string, mtu: number, port: number, peers: MeshPeer[]): string {
  return ini([
    ["NetDev", { Name: name, Kind: "wireguard", MTUBytes: String(mtu) }],
    ["WireGuard", { PrivateKeyFile: wireguardKeyFile, ListenPort: String(port) }],
    ...peers.map(({ key, address, endpoint }): [string, Record<string, string>] => [
      "WireGuardPeer",
      { PublicKey: key, AllowedIPs: `${address}/128`, Endpoint: endpoint },
    ]),
  ]);
}

/** systemd.network(5). */
const network = (name: string, mtu: number, address: string): string =>
  ini([
    ["Match", { Name: name }],
    ["Link", { RequiredForOnline: "no", MTUBytes: String(mtu) }],
    ["Network", { LinkLocalAddressing: "no", IPv6AcceptRA: "no", LLDP: "no" }],
    ["Address", { Address: address }],
  ]);
