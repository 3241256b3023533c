import * as hcloud from "@pulumi/hcloud";
import * as pulumi from "@pulumi/pulumi";
import { NspawnError } from "../errors";
import { addressOf } from "../model/allocation";
import { handOut, type Origin } from "./address";
import { FloatingIpResource } from "./dynamic";
import type { Host } from "./host";
import { ownerOf } from "./owner";
import { retained } from "./retained";

/** Arguments of {@link FloatingIp}. */
export interface FloatingIpArgs {
  /** `ipv4`: one address. `ipv6`: a /64 network. */
  type: "ipv4" | "ipv6";
  /** Where the address points. Another host moves it in place. Without it the address is kept, and points nowhere. */
  host?: Host;
  /**
   * Who decides where the address points (docs/floating-ip.md). `pinned`, the default: this program; `up` brings it back to
   * `host`. `external`: somebody else, such as a watcher; `host` is where it points at first, and `up` and `refresh` leave
   * it where it is. An address that points nowhere is given to `host` by the `up` after a refresh.
   */
  failover?: "pinned" | "external";
  /** With `failover: "external"`: the other hosts that it may point at. All of them answer for it at all times. */
  standby?: Host[];
  /** An address that exists already: the resource, or its id. */
  existing?: hcloud.FloatingIp | pulumi.Input<number>;
  /** Default: the location of the first host. Later changes of the default are ignored. */
  homeLocation?: pulumi.Input<string>;
  /** Reverse DNS of {@link FloatingIp.address}. */
  dnsPtr?: pulumi.Input<string>;
  labels?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Default false. */
  deleteProtection?: pulumi.Input<boolean>;
}

/** What is needed of a floating address, made here or not. */
interface CloudAddress {
  id: pulumi.Output<number>;
  ipAddress: pulumi.Output<string>;
  ipNetwork: pulumi.Output<string>;
}

/**
 * A floating address, pointed at a host and answered for on its uplink, for it alone. Never configured on the uplink.
 *
 * Changes on the host: `/etc/pulumi-nspawn/proxies.d/floating-<name>.conf` and the neighbour entry that follows from it.
 * A change of `host` is an update in place: assigned at the provider, withdrawn on the old host, answered for on the
 * new one. Seed items: S1.12, S1.23, S1.51, S1.53, S1.54.
 */
export class FloatingIp extends pulumi.ComponentResource {
  readonly type: "ipv4" | "ipv6";
  /** IPv4: the address. IPv6: the first address of the network, `…::1`. */
  readonly address: pulumi.Output<string>;
  /** `198.51.100.7/32` or `2001:db8:f::/64`. */
  readonly network: pulumi.Output<string>;
  /** The id at the provider. */
  readonly id: pulumi.Output<string>;
  readonly host?: Host;
  /** The hosts that answer for it. @internal */
  readonly origin: Origin;
  /** @internal */
  readonly prepared: pulumi.Resource[];

  constructor(name: string, args: FloatingIpArgs, options: pulumi.ComponentResourceOptions = {}) {
    super("nspawn:index:FloatingIp", name, {}, retained(options));
    this.type = args.type;
    this.host = args.host;
    const hosts = hostsOf(args);
    this.origin = { hosts: hosts.map(({ ref }) => ref.id), shared: args.failover === "external" };
    const cloud = this.cloudAddress(name, args);
    this.id = cloud.id.apply(String);
    this.network = args.type === "ipv6" ? cloud.ipNetwork : pulumi.interpolate`${cloud.ipAddress}/32`;
    this.address = args.type === "ipv6" ? cloud.ipNetwork.apply((cidr) => addressOf(cidr, 1)) : cloud.ipAddress;
    if (args.dnsPtr !== undefined) {
      const ptr = { floatingIpId: cloud.id, ipAddress: this.address, dnsPtr: args.dnsPtr };
      new hcloud.Rdns(name, ptr, { parent: this });
    }
    this.prepared = hosts.map((host, index) =>
      index === 0
        ? this.answeredOn(name, host, [this.assignedTo(name, host)])
        : this.answeredOn(`${name}-${host.ref.id.replace(/^.*\//, "")}`, host, []),
    );
    this.registerOutputs({ address: this.address, network: this.network, id: this.id });
  }

  /** An address of an IPv6 network for a name or a fixed suffix (`"::5"`); of an IPv4 address: itself. */
  addressFor(nameOrSuffix: string | number): pulumi.Output<string> {
    return this.type === "ipv6" ? handOut(this.network, nameOrSuffix, this.origin) : this.address;
  }

  private cloudAddress(name: string, args: FloatingIpArgs): CloudAddress {
    const made = args.existing ?? this.created(name, args);
    if (made instanceof hcloud.FloatingIp) {
      return { id: made.id.apply(Number), ipAddress: made.ipAddress, ipNetwork: made.ipNetwork };
    }
    const found = hcloud.getFloatingIpOutput({ id: made }, { parent: this });
    return { id: pulumi.output(made), ipAddress: found.ipAddress, ipNetwork: found.ipNetwork };
  }

  private created(name: string, args: FloatingIpArgs): hcloud.FloatingIp {
    const homeLocation = args.homeLocation ?? args.host?.cloud?.location;
    if (homeLocation === undefined) {
      throw new NspawnError(
        "NSPAWN_INVALID_INPUT",
        "a floating address needs `homeLocation`, or a `host` with a server",
        {
          path: "homeLocation",
        },
      );
    }
    const { type, labels, deleteProtection } = args;
    // The home stays where it was when the address moves: changing it would replace the address.
    const ignoreChanges = args.homeLocation === undefined ? ["homeLocation"] : [];
    return new hcloud.FloatingIp(
      name,
      { type, homeLocation, labels, deleteProtection },
      { parent: this, ignoreChanges },
    );
  }

  private assignedTo(name: string, host: Host): pulumi.Resource {
    if (host.cloud === undefined) {
      throw new NspawnError(
        "NSPAWN_INVALID_INPUT",
        "a floating address needs a host with a `server`; on other hosts pass the address itself to the machine",
        {
          path: "host",
        },
      );
    }
    const dependsOn = host.lastCloudAction === undefined ? [] : [host.lastCloudAction];
    const inputs = { floatingIpId: this.id.apply(Number), serverId: host.cloud.serverId };
    // Of an address that somebody else moves only the first assignment is ours.
    const ignoreChanges = this.origin.shared ? ["serverId"] : [];
    const assignment = new hcloud.FloatingIpAssignment(name, inputs, { parent: this, dependsOn, ignoreChanges });
    host.lastCloudAction = assignment;
    return assignment;
  }

  private answeredOn(name: string, host: Host, after: pulumi.Resource[]): pulumi.Resource {
    const inputs = {
      stateVersion: 1,
      owner: ownerOf("floating-ip", name),
      host: host.ref,
      connection: host.connection,
      credentials: host.credentials,
      secretFiles: pulumi.secret({}),
      type: this.type,
      address: this.address,
      network: this.type === "ipv6" ? this.network : undefined,
      name,
    };
    const dependsOn = [host.prepared ?? [], after].flat();
    return new FloatingIpResource(name, inputs, { parent: this, dependsOn, deletedWith: host.server });
  }
}

/** The first one is where the address points at first. */
function hostsOf({ host, failover = "pinned", standby = [] }: FloatingIpArgs): Host[] {
  const hosts = host === undefined ? standby : [host, ...standby];
  const problems: [boolean, path: string, message: string][] = [
    [!["pinned", "external"].includes(failover), "failover", 'must be "pinned" or "external"'],
    [failover === "external" && host === undefined, "host", "is required with failover: where it points at first"],
    [
      failover !== "external" && standby.length > 0,
      "standby",
      'needs failover: "external"; a pinned address has one host',
    ],
    [new Set(hosts).size < hosts.length, "standby", "has a host that stands in `host` or in `standby` already"],
  ];
  const [, path, message] = problems.find(([wrong]) => wrong) ?? [];
  if (message !== undefined) throw new NspawnError("NSPAWN_INVALID_INPUT", `${path} ${message}`, { path });
  return hosts;
}
