import * as pulumi from "@pulumi/pulumi";
import { NspawnError } from "../errors";
import { bridgeDefaults } from "../model/defaults";
import type { Attach, Isolation, Mode } from "../model/mode";
import { privateMtu } from "../model/private-relations";
import { parseBridge } from "../model/parse-bridge";
import type { Problem } from "../model/problem";
import { asWritten } from "../model/written";
import { isPrivateAddress } from "../model/private-address";
import { firstOf, ipv4For, privateNetwork } from "../model/private-network";
import { uniqueLocal } from "../model/unique-local";
import { wireguardPort as usualWireguardPort } from "../model/mesh";
import { vxlanPort } from "../model/vxlan";
import { macvlanOf, wiredNames } from "../model/wired";
import { handOut, handOutSubnet } from "./address";
import { agree, claim, claimAll, claimNetwork, once } from "./duplicates";
import { withDefaults } from "./defaults";
import { BridgeResource } from "./dynamic";
import type { Host } from "./host";
import { hasFilter, hasHost, isPrivate, leases, modeOf, mostMachines, routesIpv6 } from "./modes";
import { ownerOf, stackId } from "./owner";
import { addressKey, published, type Publication } from "./publication";
import { derived, lookedAt } from "./refusals";
import { placeOf, privateInputs, routeTo, type ServerPlace } from "./private-network";
import { retained } from "./retained";
import { unknownArguments, type ArgumentNames } from "./unknown-arguments";
import { segmentOf, tunnelMtu, tunnelOf, vxlanNames, warnOfPlainText, type Tunnel } from "./vxlan";
import type { BridgeVxlanArgs } from "./vxlan-peer";

/** Arguments of {@link BridgeNetwork}. */
export interface BridgeNetworkArgs {
  /** The host on which the bridge is created. */
  host: Host;
  /** Interface name, 15 bytes at most. Another name replaces the bridge. Default `br0`. */
  bridge?: pulumi.Input<string>;
  /**
   * How machines reach the network.
   *
   * - `routed`: the bridge has no uplink port. The host routes each machine's addresses to it, without NAT.
   * - `transparent`: the uplink becomes a port of the bridge, the host's addresses move to the bridge, and machines are on
   *   the LAN: IPv6 by SLAAC, IPv4 by DHCP, or as given. Refused on a Hetzner server (docs/transparent.md).
   * - `isolated`: machines reach each other on the bridge, and nobody else: neither the uplink nor the host is on it. For a
   *   database that only its neighbours may reach (docs/networks.md).
   * - `nat`: the host leases private IPv4 addresses to machines by DHCP, always the same ones, and translates what leaves the
   *   bridge. The only mode that translates. IPv6 is routed as in mode `routed`. Needs isolation `tenant` (docs/networks.md).
   *
   * Default `routed`.
   */
  mode?: pulumi.Input<Mode>;
  /**
   * Mode `transparent`: the network behind the uplink accepts MAC addresses other than the host's own. Hetzner locks servers
   * that send from unknown MAC addresses, so without this a Hetzner gateway is refused. Default false.
   */
  allowForeignMacs?: pulumi.Input<boolean>;
  /**
   * Mode `routed`: the server's place in a private network at Hetzner, an `hcloud.ServerNetwork` or one of the `networks` of an
   * `hcloud.Server` (docs/networks.md#a-private-network-at-hetzner). Machines have private IPv4 addresses and reach that network,
   * not the internet. With {@link ipv4} the bridge makes the `hcloud.NetworkRoute` that leads its network to the server; without
   * it machines have the server's `aliasIps`. No IPv6; needs isolation `tenant` and attach `bridge`. Default: none, machines have
   * public addresses.
   */
  privateNetwork?: ServerPlace | pulumi.Output<pulumi.Unwrap<ServerPlace>>;
  /**
   * The machines' IPv4 network. With {@link privateNetwork}: a part of the private network's range that lies in none of its
   * subnets, and is no other bridge's. Modes `transparent` and `isolated`: required for machines with a given IPv4 address; default:
   * none. Mode `nat`: default a /16 of 10.128.0.0/9 that is derived from host and bridge.
   */
  ipv4?: {
    /** The network in CIDR form, such as `192.0.2.192/26`. */
    network: pulumi.Input<string>;
    /**
     * Address of the machines' router. Mode `transparent`: the LAN's; required. Mode `nat`: the host's on the bridge; default
     * the network's first. Mode `isolated`: without meaning.
     */
    gateway?: pulumi.Input<string>;
  };
  /** Mode `nat`: the DHCP server of systemd-networkd, systemd.network(5), section DHCPServer. Default: its own defaults. */
  dhcpServer?: {
    /** Number of the first address that it gives to anybody, counted from the network's address. */
    poolOffset?: pulumi.Input<number>;
    /** How many it gives to anybody. Machines have addresses of their own, in the pool or not. */
    poolSize?: pulumi.Input<number>;
    /** Seconds that a lease lasts, if the client does not ask for another time; from 60. */
    defaultLeaseTimeSec?: pulumi.Input<number>;
    /** Whether a lease names the host's DNS servers. */
    emitDns?: pulumi.Input<boolean>;
    /** Whether a lease names the host's NTP servers. */
    emitNtp?: pulumi.Input<boolean>;
    /** Whether a lease has the host's time zone. */
    emitTimezone?: pulumi.Input<boolean>;
  };
  /**
   * The IPv6 network from which {@link BridgeNetwork.ipv6For} takes addresses. Default: the host's own; in mode `isolated` a
   * /64 of unique local addresses, RFC 4193, derived from host and bridge.
   */
  ipv6?: {
    /** The network in CIDR form, /48 to /112, or `auto` for the default. */
    prefix: pulumi.Input<string>;
  };
  /**
   * Mode `isolated`: the other hosts on which the network is, by VXLAN (docs/networks.md). Machines of all of them are in one
   * segment: {@link BridgeNetwork.ipv6For} takes addresses of one network, which is derived from stack and `id`, and no two
   * machines of the stack get the same. Needs isolation `tenant`. Default: none.
   */
  vxlan?: BridgeVxlanArgs;
  /**
   * Maximum transmission unit in bytes, 576 to 65535, with IPv6 from 1280: of the bridge, the machines' ports and their
   * interfaces; in mode `transparent` also of the uplink. Not with `attach: "veth"`. A change restarts the bridge's
   * machines. Default: the kernel's; with {@link vxlan} what packets between the hosts have room for: 1450 over IPv4, 1430 over
   * IPv6, 1400 over a private network at Hetzner; with its `encrypt` 1370, 1350 and 1320. A larger one than the way to a peer has
   * room for is refused on the host.
   */
  mtu?: pulumi.Input<number>;
  /**
   * A macvlan that is wired to the bridge by a veth pair, and to which machines may be attached: modes `isolated` and `routed`,
   * isolation `none`. Its interfaces on the host are `NAME`, `NAME-v1`, a port of the bridge, and `NAME-v2`; the host has no
   * address on them. `true` calls it `mv-X` for a bridge `br-X`, and `mv-BRIDGE` for any other (docs/networks.md). Default: none.
   */
  macvlan?:
    | boolean
    | {
        /** Interface name, 12 bytes at most. */
        name: string;
      };
  /**
   * Protection of machines from each other (docs/security.md).
   *
   * - `tenant`: a machine can send only from its own addresses, and reaches the host's services only as {@link hostServices}
   *   allows.
   * - `none`: machines on the bridge trust each other.
   *
   * A change restarts the bridge's machines. Default `tenant`.
   */
  isolation?: Isolation;
  /**
   * How machines are attached.
   *
   * - `bridge`: machines are ports of the bridge, 1,023 at most.
   * - `veth`: each machine has its own veth pair, to which the host routes; machines share no layer 2. Needs mode `routed`
   *   and isolation `tenant`.
   *
   * A change restarts the bridge's machines. Default `bridge`.
   */
  attach?: Attach;
  /**
   * With isolation: which machines on this bridge may reach each other, through the host. `all`, `none`, or groups of
   * machine names; a machine in no group reaches no other. Groups need mode `routed`. Default `all`.
   */
  allowBetween?: "all" | "none" | string[][];
  /**
   * With isolation: the services of the host that machines may reach. Default: none; ping is always allowed.
   */
  hostServices?: pulumi.Input<
    pulumi.Input<{
      /** Transport protocol of the service. */
      protocol: "tcp" | "udp";
      /** Port of the service, 1 to 65535. */
      port: number;
    }>[]
  >;
  /**
   * Take over files or an interface that somebody else made, instead of failing with `NSPAWN_OWNED`; see docs/ownership.md.
   * Default false.
   */
  adopt?: pulumi.Input<boolean>;
}

const bridgeNames: ArgumentNames<BridgeNetworkArgs> = {
  ...{ host: true, bridge: true, mode: true, allowForeignMacs: true, mtu: true, vxlan: vxlanNames, dhcpServer: true },
  ...{ ipv4: { network: true, gateway: true }, ipv6: { prefix: true }, macvlan: { name: true }, privateNetwork: true },
  ...{ isolation: true, attach: true, allowBetween: true, hostServices: true, adopt: true },
};

/**
 * A network bridge for machines on a host. The host routes public addresses to them, or the bridge joins them to the LAN.
 *
 * Changes on the host: `/etc/systemd/network/10-<bridge>.netdev` and `.network` (systemd.netdev(5), systemd.network(5)),
 * and with isolation an nftables(8) filter with its unit. Mode `transparent` also changes which tool configures the uplink:
 * it adds drop-ins of these files, `05-<uplink>.network`, drop-ins that keep ifupdown away from the uplink, and enables
 * systemd-networkd-wait-online(8). The uplink's former configuration is kept, and takes over again when the bridge is
 * deleted (docs/transparent.md).
 *
 * Errors (docs/errors.md): `NSPAWN_INVALID_INPUT`, `NSPAWN_OWNED`, `NSPAWN_OVERRIDDEN`, `NSPAWN_NEXT_BOOT`,
 * `NSPAWN_KERNEL_FEATURE`, `NSPAWN_STEP_FAILED`, `NSPAWN_ROLLED_BACK`.
 *
 * With {@link BridgeNetworkArgs.macvlan} there are also `10-<macvlan>.netdev` and `.network`, `10-<macvlan>-v1.netdev` and
 * `.network`, and `10-<macvlan>-v2.network`.
 *
 * @example
 * ```ts
 * const br0 = new nspawn.BridgeNetwork("br0", {
 *   host,
 *   allowBetween: [["web", "db"]],
 *   hostServices: [{ protocol: "udp", port: 53 }],
 * });
 * const address = br0.ipv6For("web");
 * ```
 */
export class BridgeNetwork extends pulumi.ComponentResource {
  /** The host of the bridge. */
  readonly host: Host;
  /** Interface name of the bridge. */
  readonly bridge: pulumi.Output<string>;
  /** The network from which {@link BridgeNetwork.ipv6For} takes addresses; undefined without IPv6. */
  readonly ipv6Network: pulumi.Output<string | undefined>;
  /** Whether IPv4 is translated: true in mode `nat` alone. */
  readonly natted: pulumi.Output<boolean>;
  /** The machines' own IPv4 network, from which {@link BridgeNetwork.ipv4For} takes addresses; undefined without one. */
  readonly ipv4Network: pulumi.Output<string | undefined>;
  /** What machines on it have to know. @internal */
  readonly lan: {
    mode: pulumi.Output<Mode>;
    ipv4: pulumi.Output<{ network: string; gateway?: string } | undefined>;
  };
  /** Whether it is on other hosts as well, whose machines may have its addresses. @internal */
  readonly hasTunnel: boolean;
  /** Whether a machine that says nothing of its addresses has one by its name. @internal */
  get givesLeases(): boolean {
    return this.plainMode !== undefined && leases(this.plainMode);
  }
  /** The mode, unless the program has to wait for it. @internal */
  readonly plainMode: Mode | undefined;
  /** What machines on it are held to. @internal */
  readonly protection: {
    isolation: Isolation;
    attach: Attach;
    allowBetween: "all" | "none" | string[][];
  };
  /** Whether its machines have addresses of a private network. @internal */
  readonly isPrivate: boolean;
  /** What machines have as their gateway; undefined without IPv4. @internal */
  readonly gateway4: pulumi.Output<string | undefined>;
  /** Interface name of the bridge's macvlan on the host; undefined without one. */
  readonly macvlan: pulumi.Output<string | undefined>;
  /** The segment of its tunnel to other hosts. @internal */
  readonly vxlan: pulumi.Output<number | undefined>;
  /** Bytes. @internal */
  readonly mtu: pulumi.Output<number | undefined>;
  /** @internal */
  readonly prepared: pulumi.Resource;
  private ports = 0;
  /** Of the resource; and the network of `ipv6For`, unless the program has to wait for it. */
  private readonly named: { name: string; prefix: string | undefined };

  /**
   * @param name unique name of the resource
   * @param args which host, and how machines are connected
   * @param options Pulumi's resource options; `retainOnDelete` also applies to the resources below
   */
  constructor(name: string, args: BridgeNetworkArgs, options: pulumi.ComponentResourceOptions = {}) {
    const all = withDefaults(args, defaults);
    const { host, bridge, mode, ipv6, isolation, attach, allowBetween } = all;
    super("nspawn:index:BridgeNetwork", name, {}, retained(options));
    this.host = host;
    this.plainMode = typeof mode === "string" ? mode : undefined;
    this.named = { name, prefix: typeof ipv6.prefix === "string" ? ipv6.prefix : undefined };
    const claimed = (known: string): pulumi.Output<string> =>
      once(claim(`interface ${known} on ${host.ref.id}`, `BridgeNetwork "${name}"`), known);
    this.bridge = typeof bridge === "string" ? claimed(bridge) : pulumi.output(bridge).apply(claimed);
    this.hasTunnel = args.vxlan !== undefined;
    this.protection = { isolation, attach, allowBetween };
    const place = placeOf(args.privateNetwork);
    this.isPrivate = place !== undefined;
    this.mtu = mtuOf(host, args);
    this.macvlan = this.macvlanOf(name, bridge, args.macvlan);
    const tunnel = args.vxlan === undefined ? undefined : this.tunnelOf(name, args.vxlan, args);
    this.vxlan = pulumi.output(args.vxlan?.id);
    this.lan = { mode: pulumi.output(mode), ipv4: this.lanOf(name, mode, args.ipv4) };
    this.gateway4 = gatewayOf(host, this.lan.mode, place);
    this.natted = this.lan.mode.apply(leases);
    this.ipv4Network = this.lan.ipv4.apply((lan) => lan?.network);
    this.ipv6Network = this.ipv6Of(mode, ipv6.prefix);
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
      hostServices: all.hostServices,
      ipv4: this.gateway4,
      ipv6: this.ipv6Network,
      lan4: this.lan.mode.apply((known) => (leases(known) ? this.lan.ipv4 : undefined)),
      dhcpServer: all.dhcpServer,
      vxlan: tunnel,
      privateNetwork: privateInputs(host, place, this.ipv4Network),
      mtu: this.mtu,
      macvlan: this.macvlan,
      allowForeignMacs: all.allowForeignMacs,
      adopt: all.adopt,
      // Bridges of older versions have a filter that does not know of subnets.
      subnets: this.lan.mode.apply((known) => this.hasSubnets(known)),
      ...modeInputs(host, this.lan.mode),
    };
    const looked = lookedAt(`BridgeNetwork "${name}"`, inputs, (plain) => problemsOf(plain, args));
    this.prepared = new BridgeResource(name, looked, {
      parent: this,
      dependsOn: host.prepared,
      deletedWith: host.deletedWith,
    });
    routeTo(name, place, args.ipv4?.network, this);
    this.registerOutputs({ bridge: this.bridge, ipv6Network: this.ipv6Network, natted: this.natted });
  }

  private hasSubnets(mode: Mode): true | undefined {
    return hasFilter(this.protection.isolation) && routesIpv6(mode) && !this.isPrivate ? true : undefined;
  }

  /** What is given, or the host's own; where the host is on no network, one of the bridge's own, or of its segment. */
  private ipv6Of(mode: pulumi.Input<Mode>, given: pulumi.Input<string>): BridgeNetwork["ipv6Network"] {
    const { ref, ipv6Network } = this.host;
    return pulumi
      .all([given, mode, this.bridge, this.vxlan])
      .apply(([prefix, known, link, id]): pulumi.Output<string | undefined> => {
        if (prefix !== "auto") return pulumi.output(prefix);
        if (this.isPrivate) return pulumi.output(undefined);
        if (hasHost(known)) return ipv6Network;
        return pulumi.output(id === undefined ? uniqueLocal(ref.id, link) : uniqueLocal(stackId(), segmentOf(id)));
      });
  }

  /** The macvlan's name, for whoever has its three interfaces to itself. */
  private macvlanOf(
    name: string,
    given: pulumi.Input<string>,
    wanted: BridgeNetworkArgs["macvlan"],
  ): pulumi.Output<string | undefined> {
    if (wanted === undefined || wanted === false) return pulumi.output(undefined);
    const claimed = (bridge: string): pulumi.Output<string> => {
      // Without a name the check says what it has to be.
      const macvlan = wanted === true ? macvlanOf(bridge) : (wanted.name ?? "");
      return once(
        claimAll(
          Object.values(wiredNames(macvlan)).map((link) => `interface ${link} on ${this.host.ref.id}`),
          `the macvlan of BridgeNetwork "${name}"`,
        ),
        macvlan,
      );
    };
    // What is plain is claimed at once, so that it fails where it stands.
    return typeof given === "string" ? claimed(given) : this.bridge.apply(claimed);
  }

  /** What is given; where the host leases addresses, a network of the bridge's own and the host's address in it. */
  private lanOf(
    name: string,
    mode: pulumi.Input<Mode>,
    given: BridgeNetworkArgs["ipv4"],
  ): BridgeNetwork["lan"]["ipv4"] {
    const { id } = this.host.ref;
    const claimed = (network: string) => claimNetwork(network, id, `BridgeNetwork "${name}"`);
    // What is plain is claimed at once, so that it fails where it stands.
    const plain = this.givesLeases && typeof given?.network === "string" ? claimed(given.network) : undefined;
    return pulumi.all([mode, this.bridge, pulumi.output(given)]).apply(([known, bridge, lan]) => {
      if (!leases(known)) return pulumi.output(lan);
      const network = lan?.network ?? privateNetwork(id, bridge);
      const own = { network, gateway: lan?.gateway ?? firstAddress(network) };
      return once(plain ?? claimed(network), own);
    });
  }

  /**
   * Where its tunnel begins and leads to. A host has each segment once, and its port is no machine's; what the bridges of a
   * segment share is the same on all hosts.
   */
  private tunnelOf(name: string, args: BridgeVxlanArgs, shared: BridgeNetworkArgs): pulumi.Output<Tunnel> {
    const { id: host } = this.host.ref;
    const claimed = (id: number): Promise<never> | undefined =>
      claim(`VXLAN ${id} on ${host}`, `BridgeNetwork "${name}"`);
    // What is plain is claimed at once, so that it fails where it stands.
    const plain = typeof args.id === "number" ? claimed(args.id) : undefined;
    const meshPort = this.meshPort(name, args);
    const tunnel = tunnelOf(this.host, args);
    warnOfPlainText(tunnel, this.host, args, this);
    const { id, port = vxlanPort, encrypt = "none" } = args;
    // What hosts of one network that do not agree on it would tell first.
    const encryption = pulumi.all([id, encrypt]).apply(([number, word]) => {
      return once(agree(`the encryption of VXLAN ${number}`, word), word);
    });
    const agreed = pulumi
      .all([id, port, shared.ipv4?.network, shared.ipv6?.prefix, this.mtu, encryption])
      .apply((all) => {
        const [number, udp, ipv4 = "none", ipv6 = "auto", mtu] = all;
        const taken = claim(`port ${udp}/udp of ${host}`, "the VXLAN tunnels of its bridges");
        const same = { "IPv4 network": ipv4, "IPv6 prefix": ipv6, MTU: `${mtu}`, "UDP port": `${udp}` };
        const refusals = Object.entries(same).map(([what, value]) => agree(`the ${what} of VXLAN ${number}`, value));
        return once(plain ?? claimed(number) ?? taken ?? refusals.find((one) => one !== undefined), true);
      });
    return pulumi.all([tunnel, agreed, meshPort]).apply(([known]) => known);
  }

  /** The UDP port of the network's WireGuard: no other network of the host has it, and it is the same on all hosts. */
  private meshPort(name: string, { id, encrypt, wireguardPort }: BridgeVxlanArgs): pulumi.Output<unknown> {
    if (encrypt === undefined) return pulumi.output(undefined);
    const port = wireguardPort ?? usualWireguardPort;
    const claimed = (udp: number): Promise<never> | undefined =>
      claim(`port ${udp}/udp of ${this.host.ref.id}`, `WireGuard of BridgeNetwork "${name}"`);
    // What is plain is claimed at once, so that it fails where it stands.
    const plain = typeof port === "number" ? claimed(port) : undefined;
    return pulumi.all([id, port]).apply(([number, udp]) => {
      return once(plain ?? claimed(udp) ?? agree(`the wireguardPort of VXLAN ${number}`, `${udp}`), udp);
    });
  }

  /** Within which an address that nobody outside knows is one machine's: the bridge, or the segment of several hosts. @internal */
  get segment(): pulumi.Output<string> {
    return pulumi
      .all([this.bridge, this.vxlan])
      .apply(([bridge, id]) => (id === undefined ? `${bridge} of ${this.host.ref.id}` : segmentOf(id)));
  }

  /** One machine more is attached; a bridge of the kernel ends at 1,023 ports (network-facts 4). @internal */
  attach(): void {
    const most = mostMachines(this.protection.attach);
    if (++this.ports <= most) return;
    const message = `a bridge has ${most} ports at most; put the machine on another BridgeNetwork, or give this one attach: "veth"`;
    throw new NspawnError("NSPAWN_INVALID_INPUT", message, { path: "networks" });
  }

  /**
   * The IPv6 address of a name in this bridge's network. It is a published function of network and name
   * (docs/addresses.md): known before the machine exists, and always the same. Errors: `NSPAWN_INVALID_INPUT` in the
   * preview, if two names collide or the host has no IPv6 network.
   *
   * @param name any text, usually the machine's name; or a fixed suffix such as `::5`
   * @returns the address, without prefix length
   */
  ipv6For(name: string): pulumi.Output<string> {
    const network = this.networkFor(`an address for "${name}"`);
    return published(
      handOut(network, name, { hosts: this.hasTunnel ? [] : [this.host.ref.id], shared: false }),
      this.publication(name),
    );
  }

  /**
   * The IPv6 subnet of a name in this bridge's network, to be routed into a machine: `subnets` of a machine's network. Like
   * {@link BridgeNetwork.ipv6For} a published function, of network, name and length. It overlaps with no other subnet and no
   * address of the program. Modes `routed` and `nat`. Errors: `NSPAWN_INVALID_INPUT` in the preview, if two overlap, the
   * host has no IPv6 network, or the length is none of a subnet there.
   *
   * @param name any text, such as a customer's name
   * @param length prefix length in bits: longer than the network's, 124 at most
   * @returns the subnet in CIDR form
   */
  subnetFor(name: string, length: number): pulumi.Output<string> {
    const origin = { hosts: [this.host.ref.id], shared: false };
    return handOutSubnet(this.networkFor(`a subnet for "${name}"`), name, length, origin);
  }

  private networkFor(what: string): pulumi.Output<string> {
    return derived(`BridgeNetwork "${this.named.name}"`, this.ipv6Network, (cidr) => {
      if (cidr !== undefined) return cidr;
      if (this.isPrivate)
        throw new NspawnError(
          "NSPAWN_INVALID_INPUT",
          `no IPv6 network to take ${what} from: Hetzner's private networks have none; give the machine a second network for IPv6`,
        );
      throw new NspawnError(
        "NSPAWN_INVALID_INPUT",
        `no IPv6 network to take ${what} from: the host's uplink has none between /48 and /112 (a /128 is a single address); give the network routed to the host as ipv6Network of its NspawnHost, or as ipv6: { prefix } of the bridge`,
      );
    });
  }

  /** What records in DNS have to know of an address of `ipv6For`. Hetzner has reverse names for a server's own network. */
  private publication(name: string): Publication | undefined {
    const { plainMode, named, host } = this;
    if (plainMode === undefined || named.prefix === undefined) return undefined;
    if (isPrivate(plainMode, "ipv6")) return { family: "ipv6", isPublic: false };
    if (named.prefix !== "auto")
      return { family: "ipv6", isPublic: !isPrivateAddress(named.prefix.replace(/\/\d+$/, "")) };
    const serverId = host.server?.id.apply(Number);
    const reverse = serverId === undefined ? undefined : { key: addressKey(named.name, name), of: { serverId } };
    return { family: "ipv6", isPublic: true, reverse };
  }

  /**
   * The IPv4 address of a name in the machines' own network, in modes `nat` and `isolated` and with `privateNetwork`. Like {@link BridgeNetwork.ipv6For} a
   * published function; in a /16 a hundred names meet once in fourteen, and then one of them needs an address as text. Errors:
   * `NSPAWN_INVALID_INPUT` in the preview, if two names collide or the bridge has no such network.
   *
   * @param name any text, usually the machine's name
   * @returns the address, without prefix length
   */
  ipv4For(name: string): pulumi.Output<string> {
    const known = pulumi.all([this.ipv4Network, this.lan.mode, this.segment]);
    const chosen = derived(`BridgeNetwork "${this.named.name}"`, known, ([network, mode, segment]) => {
      if (network !== undefined && (this.isPrivate || isPrivate(mode, "ipv4")))
        return { address: ipv4For(network, name), segment };
      const message = `no IPv4 network of the bridge's own to take an address for "${name}" from: use mode "nat", or mode "isolated" or a privateNetwork with ipv4: { network }; public addresses are FloatingIps`;
      throw new NspawnError("NSPAWN_INVALID_INPUT", message);
    });
    const address = chosen.apply(({ address: own, segment }) =>
      once(claim(`address ${own} of ${segment}`, `"${name}"`), own),
    );
    return published(address, { family: "ipv4", isPublic: false });
  }
}

/** What is the host's own is told by the host. */
const notOurs = /^(connection|credentials|host|owner|ownUrn|uplink|atHetzner|subnets)\b/;

function problemsOf(inputs: object, args: BridgeNetworkArgs): Problem[] {
  const parsed = parseBridge(inputs);
  const problems = parsed.ok ? [] : parsed.problems.filter(({ path }) => !notOurs.test(path));
  return [...unknownArguments(args, bridgeNames), ...asWritten("BridgeNetwork", inputs, problems)];
}

/** What is given, else what packets between hosts or of a private network have room for. */
function mtuOf(host: Host, { mtu, vxlan, privateNetwork }: BridgeNetworkArgs): pulumi.Output<number | undefined> {
  const room = vxlan === undefined ? undefined : tunnelMtu(host, vxlan);
  return pulumi.output(mtu ?? room ?? (privateNetwork === undefined ? undefined : privateMtu));
}

/** The host's own address, on the uplink or on a private network. */
const gatewayOf = (host: Host, mode: pulumi.Output<Mode>, place: ServerPlace | undefined): BridgeNetwork["gateway4"] =>
  mode.apply((known): pulumi.Output<string | undefined> =>
    pulumi.output(hasHost(known) ? (place?.ip ?? host.ipv4) : undefined),
  );

/** Of a network that is none the check says what is wrong with it. */
function firstAddress(network: string): string | undefined {
  try {
    return firstOf(network);
  } catch {
    return undefined;
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
