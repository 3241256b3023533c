import * as hcloud from "@pulumi/hcloud";
import * as pulumi from "@pulumi/pulumi";
import { NspawnError } from "../errors";
import { addressOf } from "../model/allocation";
import type { Problem } from "../model/problem";
import { shown } from "../model/read/shown";
import { handOut, handOutSubnet, type Origin } from "./address";
import { claim, once } from "./duplicates";
import { FloatingIpResource } from "./dynamic";
import type { Host } from "./host";
import { ownerOf } from "./owner";
import { addressKey, published, type Publication } from "./publication";
import { checked, madeOf } from "./refusals";
import { retained } from "./retained";
import { unknownArguments, type ArgumentNames } from "./unknown-arguments";

/** Arguments of {@link FloatingIp}. */
export interface FloatingIpArgs {
  /** `ipv4` for one address, `ipv6` for a /64 network. */
  type: "ipv4" | "ipv6";
  /**
   * The host to which the address is assigned: one with a `server`. Another host moves the address in place. Default: the
   * address is kept, and assigned to no server.
   */
  host?: Host;
  /**
   * Who decides which host the address is assigned to (docs/floating-ip.md).
   *
   * - `pinned`: this program. `up` assigns the address to `host` again.
   * - `external`: somebody else, such as a watcher. `host` is the first assignment only; `up` and `refresh` accept any
   *   other. After a refresh, `up` assigns an address without a server to `host`.
   *
   * Default `pinned`.
   */
  failover?: "pinned" | "external";
  /**
   * With `failover: "external"`: the other hosts to which the address may be assigned. All hosts answer for it at all
   * times. Default: none.
   */
  standby?: Host[];
  /** An existing floating address to use instead of creating one: the resource, or its id at Hetzner. */
  existing?: hcloud.FloatingIp | pulumi.Input<number>;
  /** Home location at Hetzner, such as `fsn1`. Default: the location of the first host, even after the address moves. */
  homeLocation?: pulumi.Input<string>;
  /** Reverse DNS name (PTR) of {@link FloatingIp.address}. Default: Hetzner's. */
  dnsPtr?: pulumi.Input<string>;
  /** Labels of the address at Hetzner. Default: none. */
  labels?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Protect the address at Hetzner against deletion. Default false. */
  deleteProtection?: pulumi.Input<boolean>;
}

const floatingIpNames: ArgumentNames<FloatingIpArgs> = {
  ...{ type: true, host: true, failover: true, standby: true, existing: true, homeLocation: true },
  ...{ dnsPtr: true, labels: true, deleteProtection: true },
};

/** What is needed of a floating address, made here or not. */
interface CloudAddress {
  id: pulumi.Output<number>;
  ipAddress: pulumi.Output<string>;
  ipNetwork: pulumi.Output<string>;
}

/**
 * A floating address at Hetzner, assigned to a host. The host answers ARP and neighbour discovery for it on the uplink
 * (proxy entries, ip-neighbour(8)), but never configures it there.
 *
 * Changes on the host: `/etc/pulumi-nspawn/proxies.d/floating-<name>.conf`, and a proxy entry for the address. A change of
 * `host` is an update in place: the address is assigned to the new host, withdrawn on the old one, then answered for on the
 * new one.
 *
 * Errors (docs/errors.md): `NSPAWN_INVALID_INPUT`, `NSPAWN_OWNED`, `NSPAWN_OVERRIDDEN`, and those of the connection to
 * {@link NspawnHost}.
 *
 * @example
 * ```ts
 * const ip = new nspawn.FloatingIp("web", { type: "ipv4", host, dnsPtr: "web.example.org" });
 * const network = new nspawn.FloatingIp("web6", { type: "ipv6", host });
 * const addresses = [ip, network.addressFor("web")];
 * ```
 */
export class FloatingIp extends pulumi.ComponentResource {
  /** Address family. */
  readonly type: "ipv4" | "ipv6";
  /** The IPv4 address; of an IPv6 network its first address, `…::1`. */
  readonly address: pulumi.Output<string>;
  /** The address or network in CIDR form: `198.51.100.7/32` or `2001:db8:f::/64`. */
  readonly network: pulumi.Output<string>;
  /** Id of the address at Hetzner. */
  readonly id: pulumi.Output<string>;
  /** The host of the arguments; undefined if the address is assigned to no server. */
  readonly host?: Host;
  /** The hosts that answer for it. @internal */
  readonly origin: Origin;
  /** What records in DNS have to know of {@link FloatingIp.address}. @internal */
  readonly publication: Publication;
  /** @internal */
  readonly prepared: pulumi.Resource[];
  private readonly name: string;
  private readonly passed: Promise<void>;
  private readonly reverseOf: { floatingIpId: pulumi.Output<number> };

  /**
   * @param name unique name of the resource
   * @param args which address, and to which host it is assigned
   * @param options Pulumi's resource options; `retainOnDelete` also applies to the resources below
   */
  constructor(name: string, args: FloatingIpArgs, options: pulumi.ComponentResourceOptions = {}) {
    super("nspawn:index:FloatingIp", name, {}, retained(options));
    this.type = args.type;
    this.name = name;
    this.host = args.host;
    // Nothing is made of what is refused: it waits for ever.
    this.passed = checked(`FloatingIp "${name}"`, { type: args.type }, () => problemsOf(args));
    const hosts = madeOf(`FloatingIp "${name}"`, () => hostsOf(args));
    this.origin = { hosts: hosts.map(({ ref }) => ref.id), shared: args.failover === "external" };
    const cloud = madeOf(`FloatingIp "${name}"`, () => this.cloudAddress(name, args));
    this.id = cloud.id.apply(String);
    this.network = args.type === "ipv6" ? cloud.ipNetwork : pulumi.interpolate`${cloud.ipAddress}/32`;
    const address = args.type === "ipv6" ? cloud.ipNetwork.apply((cidr) => addressOf(cidr, 1)) : cloud.ipAddress;
    this.reverseOf = { floatingIpId: cloud.id };
    const reverse = args.dnsPtr === undefined ? { key: name, of: this.reverseOf } : "given";
    this.publication = { family: args.type, isPublic: true, reverse };
    this.address = published(address, this.publication);
    if (args.dnsPtr !== undefined) {
      const ipAddress = address.apply((known) =>
        once(claim(`reverse name of ${known}`, `FloatingIp "${name}"`), known),
      );
      new hcloud.Rdns(name, { ...this.reverseOf, ipAddress, dnsPtr: args.dnsPtr }, { parent: this });
    }
    this.prepared = hosts.map((host, index) =>
      index === 0
        ? this.answeredOn(name, host, [madeOf(`FloatingIp "${name}"`, () => this.assignedTo(name, host))])
        : this.answeredOn(`${name}-${host.ref.id.replace(/^.*\//, "")}`, host, []),
    );
    this.registerOutputs({ address: this.address, network: this.network, id: this.id });
  }

  /**
   * An address of an IPv6 network; with `type: "ipv4"`, the address itself. The address of a name is a published function
   * of network and name (docs/addresses.md). Errors: `NSPAWN_INVALID_INPUT` in the preview, if two names collide.
   *
   * @param nameOrSuffix any text, usually the machine's name; or a fixed suffix such as `"::5"` or `5`
   * @returns the address, without prefix length
   */
  addressFor(nameOrSuffix: string | number): pulumi.Output<string> {
    if (this.type === "ipv4") return this.address;
    const reverse = { key: addressKey(this.name, nameOrSuffix), of: this.reverseOf };
    return published(handOut(this.network, nameOrSuffix, this.origin), { family: "ipv6", isPublic: true, reverse });
  }

  /**
   * A subnet of an IPv6 network, to be routed into a machine: `subnets` of a machine's network. A published function of network,
   * name and length (docs/addresses.md). Errors: `NSPAWN_INVALID_INPUT` with `type: "ipv4"`, and in the preview, if it
   * overlaps with another subnet or an address, or the length is none of a subnet there.
   *
   * @param name any text, such as a customer's name
   * @param length prefix length in bits, 65 to 124 for Hetzner's /64
   * @returns the subnet in CIDR form
   */
  subnet(name: string, length: number): pulumi.Output<string> {
    if (this.type === "ipv6") return handOutSubnet(this.network, name, length, this.origin);
    throw new NspawnError(
      "NSPAWN_INVALID_INPUT",
      `a subnet for "${name}" needs a FloatingIp of type "ipv6" (got "ipv4")`,
      {
        path: "type",
      },
    );
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
      { type: this.passed.then(() => type), homeLocation, labels, deleteProtection },
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
    return new FloatingIpResource(name, inputs, { parent: this, dependsOn, deletedWith: host.deletedWith });
  }
}

const types: readonly unknown[] = ["ipv4", "ipv6"];

function problemsOf(args: FloatingIpArgs): Problem[] {
  const unknown = unknownArguments(args, floatingIpNames);
  if (types.includes(args.type)) return unknown;
  return [...unknown, { path: "type", message: `must be "ipv4" or "ipv6" (got ${shown(args.type)})` }];
}

/** The first one is where the address points at first. */
function hostsOf({ host, failover = "pinned", standby = [] }: FloatingIpArgs): Host[] {
  const hosts = host === undefined ? standby : [host, ...standby];
  const problems: [boolean, path: string, message: string][] = [
    [!["pinned", "external"].includes(failover), "failover", 'must be "pinned" or "external"'],
    [
      failover === "external" && host === undefined,
      "host",
      'is required with failover: "external": the address is assigned to it first',
    ],
    [
      failover !== "external" && standby.length > 0,
      "standby",
      'needs failover: "external"; a pinned address has one host',
    ],
    [new Set(hosts).size < hosts.length, "standby", "lists a host that is already in `host` or `standby`"],
  ];
  const [, path, message] = problems.find(([wrong]) => wrong) ?? [];
  if (message !== undefined) throw new NspawnError("NSPAWN_INVALID_INPUT", `${path} ${message}`, { path });
  return hosts;
}
