import * as pulumi from "@pulumi/pulumi";
import { NspawnError } from "../errors";
import { bridgeDefaults } from "../model/defaults";
import type { Attach, Isolation, Mode } from "../model/mode";
import { handOut } from "./address";
import { claim, once } from "./duplicates";
import { withDefaults } from "./defaults";
import { BridgeResource } from "./dynamic";
import type { Host } from "./host";
import { modeOf, mostMachines } from "./modes";
import { ownerOf } from "./owner";
import { retained } from "./retained";

/** Arguments of {@link BridgeNetwork}. */
export interface BridgeNetworkArgs {
  host: Host;
  /** Interface name, 15 bytes at most. Default `br0`. Another name is another bridge: the old one is replaced. */
  bridge?: pulumi.Input<string>;
  /**
   * `routed`, the default: no port, the host's own address as a /32, a route per machine address, nothing translated.
   * `transparent`: the host's uplink becomes a port of the bridge, the host's addresses move to the bridge, and machines
   * are on the LAN themselves: IPv6 by SLAAC, IPv4 by DHCP, or as given. Refused on a server of Hetzner. S2.02, S2.12.
   */
  mode?: pulumi.Input<Mode>;
  /**
   * Mode `transparent`: the network behind the uplink lets MAC addresses in that are not the host's own. Default false,
   * which refuses a gateway of Hetzner, where unknown MAC addresses get a server locked.
   */
  allowForeignMacs?: pulumi.Input<boolean>;
  /** Mode `transparent`: the LAN's network (`192.0.2.192/26`) and router, for machines whose IPv4 address is given. */
  ipv4?: { network: pulumi.Input<string>; gateway: pulumi.Input<string> };
  /** The network that {@link BridgeNetwork.ipv6For} hands out of. Default `auto`: the host's own. */
  ipv6?: { prefix: pulumi.Input<string> };
  /**
   * Bytes, 576 to 65535, with IPv6 from 1280: the size of packets on the bridge, on the cables to its machines and on the
   * machines' own interfaces; in mode `transparent` of the uplink too. A change restarts the bridge's machines. Default: the
   * kernel's.
   */
  mtu?: pulumi.Input<number>;
  /**
   * `tenant`, the default: a machine can take nobody's place and reaches the host's own services only as
   * {@link hostServices} says; what its port may send is listed (docs/security.md). `none`: machines of one bridge trust
   * each other. A change restarts the bridge's machines.
   */
  isolation?: Isolation;
  /**
   * `bridge`, the default: machines are ports of the bridge, up to 1,023. `veth`, with mode `routed` and isolation: each has
   * a cable of its own that the host routes to, no layer 2 is shared, and the bridge has no port. A change restarts the
   * bridge's machines.
   */
  attach?: Attach;
  /**
   * With isolation: which machines of this bridge may reach each other, through the host. Default `all`. `none`, or groups
   * of machine names; a machine in no group reaches none.
   */
  allowBetween?: "all" | "none" | string[][];
  /** With isolation: what machines may reach on the host itself. Default: nothing but ping. */
  hostServices?: pulumi.Input<pulumi.Input<{ protocol: "tcp" | "udp"; port: number }>[]>;
  /** Take over files that somebody else wrote. Default false. */
  adopt?: pulumi.Input<boolean>;
}

/**
 * A bridge that machines are attached to and that the host routes their public addresses to, or that is on the LAN.
 *
 * Changes on the host: `/etc/systemd/network/10-<bridge>.netdev` and `.network`. Mode `transparent`: also drop-ins of
 * these, `05-<uplink>.network`, drop-ins that keep ifupdown away from the uplink, and systemd-networkd-wait-online; what
 * configured the uplink before is left as it is, and takes it back on removal (docs/transparent.md).
 * Seed items: S1.21, S1R.09, S2.02, S2.03, S2.12. Errors: NSPAWN_INVALID_INPUT, NSPAWN_OWNED, NSPAWN_STEP_FAILED,
 * NSPAWN_ROLLED_BACK.
 */
export class BridgeNetwork extends pulumi.ComponentResource {
  readonly host: Host;
  readonly bridge: pulumi.Output<string>;
  /** The network of {@link ipv6For}; undefined without IPv6. */
  readonly ipv6Network: pulumi.Output<string | undefined>;
  /** Routed or transparent: nothing translates. */
  readonly natted = false;
  /** What machines on it have to know. @internal */
  readonly lan: {
    mode: pulumi.Output<Mode>;
    ipv4?: { network: pulumi.Input<string>; gateway: pulumi.Input<string> };
  };
  /** What machines on it are held to. @internal */
  readonly protection: {
    isolation: Isolation;
    attach: Attach;
    allowBetween: "all" | "none" | string[][];
  };
  /** Bytes. @internal */
  readonly mtu: pulumi.Output<number | undefined>;
  /** @internal */
  readonly prepared: pulumi.Resource;
  private ports = 0;

  constructor(name: string, args: BridgeNetworkArgs, options: pulumi.ComponentResourceOptions = {}) {
    const { host, bridge, mode, ipv6, mtu, isolation, attach, allowBetween, hostServices, allowForeignMacs, adopt } =
      withDefaults(args, defaults);
    super("nspawn:index:BridgeNetwork", name, {}, retained(options));
    this.host = host;
    const claimed = (known: string): pulumi.Output<string> =>
      once(claim(`bridge ${known} on ${host.ref.id}`, `BridgeNetwork "${name}"`), known);
    this.bridge = typeof bridge === "string" ? claimed(bridge) : pulumi.output(bridge).apply(claimed);
    this.protection = { isolation, attach, allowBetween };
    this.mtu = pulumi.output(mtu);
    this.lan = { mode: pulumi.output(mode), ipv4: args.ipv4 };
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
      attach,
      allowBetween,
      hostServices,
      ipv4: host.ipv4,
      ipv6: this.ipv6Network,
      mtu,
      allowForeignMacs,
      adopt,
      ...modeInputs(host, this.lan.mode),
    };
    const dependsOn = host.prepared;
    this.prepared = new BridgeResource(name, inputs, { parent: this, dependsOn, deletedWith: host.server });
    this.registerOutputs({ bridge: this.bridge, ipv6Network: this.ipv6Network, natted: this.natted });
  }

  /** One machine more is attached; a bridge of the kernel ends at 1,023 ports (network-facts 4). @internal */
  attach(): void {
    const most = mostMachines(this.protection.attach);
    if (++this.ports <= most) return;
    const message = `a bridge has ${most} ports at most; put the machine on another BridgeNetwork, or give this one attach: "veth"`;
    throw new NspawnError("NSPAWN_INVALID_INPUT", message, { path: "networks" });
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
        `no IPv6 network to take an address for "${name}" from: the host's uplink has none between /48 and /112 (a /128 is a single address); give the one that is routed to the host as ipv6Network of its NspawnHost, or as ipv6: { prefix } of the bridge`,
      );
    });
    return handOut(network, name, { hosts: [this.host.ref.id], shared: false });
  }
}

/** What only some modes have in the inputs, so that others stay as they are in state. */
function modeInputs(host: Host, mode: pulumi.Output<Mode>): pulumi.Inputs {
  const inputs = mode.apply((known) => modeOf(known)?.inputs(host) ?? {});
  return { uplink: inputs.uplink, atHetzner: inputs.atHetzner };
}

const defaults = {
  bridge: "br0",
  ipv6: { prefix: "auto" },
  ...bridgeDefaults,
  isolation: "tenant" as Isolation,
};
