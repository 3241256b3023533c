import * as pulumi from "@pulumi/pulumi";
import { NspawnError } from "../errors";
import { bridgeDefaults } from "../model/defaults";
import { handOut } from "./address";
import { claim } from "./claims";
import { withDefaults } from "./defaults";
import { BridgeResource } from "./dynamic";
import type { NspawnHost } from "./nspawn-host";
import { ownerOf } from "./owner";

/** Arguments of {@link BridgeNetwork}. */
export interface BridgeNetworkArgs {
  host: NspawnHost;
  /** Interface name, 15 bytes at most. Default `br0`. Another name is another bridge: the old one is replaced. */
  bridge?: pulumi.Input<string>;
  /** `routed`, the default: no port, the host's own address as a /32, a route per machine address, nothing translated. */
  mode?: pulumi.Input<"routed">;
  /** The network that {@link BridgeNetwork.ipv6For} hands out of. Default `auto`: the host's own. */
  ipv6?: { prefix: pulumi.Input<string> };
  /** Bytes. Default: the kernel's. */
  mtu?: pulumi.Input<number>;
  /** `none`: machines of one bridge are not protected from each other. The only value until isolation is built. */
  isolation?: pulumi.Input<"none">;
  /** Take over files that somebody else wrote. Default false. */
  adopt?: pulumi.Input<boolean>;
}

/**
 * A bridge that machines are attached to and that the host routes their public addresses to.
 *
 * Changes on the host: `/etc/systemd/network/10-<bridge>.netdev` and `.network`. Seed items: S1.21, S1R.09.
 * Errors: NSPAWN_OWNED, NSPAWN_STEP_FAILED.
 */
export class BridgeNetwork extends pulumi.ComponentResource {
  readonly host: NspawnHost;
  readonly bridge: pulumi.Output<string>;
  /** The network of {@link ipv6For}; undefined without IPv6. */
  readonly ipv6Network: pulumi.Output<string | undefined>;
  /** Routed: nothing translates. */
  readonly natted = false;
  /** @internal */
  readonly prepared: pulumi.Resource;

  constructor(name: string, args: BridgeNetworkArgs, options: pulumi.ComponentResourceOptions = {}) {
    super("nspawn:index:BridgeNetwork", name, {}, options);
    const { host, bridge, mode, ipv6, mtu, isolation, adopt } = withDefaults(args, defaults);
    this.host = host;
    this.bridge = pulumi.output(bridge);
    if (typeof bridge === "string") claim(`bridge ${bridge} on ${host.ref.id}`, `BridgeNetwork "${name}"`);
    this.ipv6Network = pulumi
      .all([ipv6.prefix, host.ipv6Network])
      .apply(([prefix, own]) => (prefix === "auto" ? own : prefix));
    const inputs = {
      stateVersion: 1,
      owner: ownerOf("bridge", name),
      host: host.ref,
      connection: host.connection,
      credentials: host.credentials,
      secretFiles: pulumi.secret({}),
      bridge: this.bridge,
      mode,
      isolation,
      ipv4: host.ipv4,
      ipv6: this.ipv6Network,
      mtu,
      adopt,
    };
    const dependsOn = [host.prepared];
    this.prepared = new BridgeResource(name, inputs, { parent: this, dependsOn, deletedWith: host.server });
    this.registerOutputs({ bridge: this.bridge, ipv6Network: this.ipv6Network, natted: this.natted });
  }

  /**
   * The IPv6 address that `name` has in this bridge's network: a published function of the two (docs/addresses.md),
   * the same before the machine exists and for ever. Fails in the preview when two names would collide, and when the
   * host has no IPv6 network.
   */
  ipv6For(name: string): pulumi.Output<string> {
    const network = this.ipv6Network.apply((cidr) => {
      if (cidr !== undefined) return cidr;
      throw new NspawnError(
        "NSPAWN_INVALID_INPUT",
        `no IPv6 network to take an address for "${name}" from: give ipv6: { prefix }`,
      );
    });
    return handOut(network, name, { hosts: [this.host.ref.id], shared: false });
  }
}

const defaults = { bridge: "br0", ipv6: { prefix: "auto" }, ...bridgeDefaults };
