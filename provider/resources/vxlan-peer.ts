import * as pulumi from "@pulumi/pulumi";
import type { Host } from "./host";

/** Another host of a network, by what it is known to WireGuard. */
export interface VxlanPeer {
  /** Its address on the underlay. */
  address: pulumi.Input<string>;
  /** Its public key: `wireguardKey` of its NspawnHost. */
  wireguardKey: pulumi.Input<string>;
}

/** The tunnel of a {@link BridgeNetwork} to other hosts: VXLAN, RFC 7348. */
export interface BridgeVxlanArgs {
  /** Number of the network on all hosts, 1 to 16777215. A host has each number once. */
  id: pulumi.Input<number>;
  /**
   * All other hosts on which the network is: hosts, or their addresses; with `encrypt` hosts, or addresses and keys. Each of them
   * declares a BridgeNetwork of its own with the same `id` and the others as its peers.
   */
  peers: (Host | pulumi.Input<string> | VxlanPeer)[];
  /** UDP port, the same on all hosts. Default 4789. */
  port?: pulumi.Input<number>;
  /**
   * What the hosts reach each other by: `ipv4` or `ipv6`, the hosts' own addresses, or an address that this host has on another
   * network, such as a private one at Hetzner; peers are then given as addresses. `ipv6` is the first address of the host's
   * `ipv6Network`. Default `ipv4`.
   */
  underlay?: pulumi.Input<string>;
  /**
   * `wireguard`: the packets between the hosts are in WireGuard (systemd.netdev(5), wg(8)), which encrypts them and knows each host
   * by its key (docs/networks.md#encryption). All hosts of the network say it, and each NspawnHost has `wireguard: true`. On the host
   * there are `10-wg-ID.netdev` and `.network` besides. Errors: `NSPAWN_KERNEL_FEATURE` where the kernel has no WireGuard. Default:
   * none, packets are plain text.
   */
  encrypt?: pulumi.Input<"wireguard">;
  /** With `encrypt`: UDP port of WireGuard, the same on all hosts; a host has each port once. Default 51820. */
  wireguardPort?: pulumi.Input<number>;
}

/** Outputs may be hosts to nobody but the types. */
const isPlain = (peer: BridgeVxlanArgs["peers"][number]): peer is Host | VxlanPeer =>
  typeof peer === "object" && !pulumi.Output.isInstance(peer) && !(peer instanceof Promise);

export const isHost = (peer: BridgeVxlanArgs["peers"][number]): peer is Host => isPlain(peer) && "ref" in peer;

export const isPeer = (peer: BridgeVxlanArgs["peers"][number]): peer is VxlanPeer =>
  isPlain(peer) && "wireguardKey" in peer && !("ref" in peer);

/** For messages. */
export const whose = (host: Host): string => `the tunnel of ${host.ref.id.replace(/^.*\//, "")}`;
