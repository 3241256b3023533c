import * as hcloud from "@pulumi/hcloud";
import * as pulumi from "@pulumi/pulumi";
import { NspawnError } from "../errors";
import { hostDefaults } from "../model/defaults";
import { withDefaults } from "./defaults";
import { HostResource } from "./dynamic";
import type { CloudPlace, ExportedHost, Host } from "./host";
import { HostReference } from "./host-reference";
import { ownerOf } from "./owner";
import { serverOf, type HostServer } from "./server";
import { connectionOf, type SshArgs } from "./ssh";
import { retained } from "./retained";

/** Arguments of {@link NspawnHost}. */
export interface NspawnHostArgs {
  /** A server to create (arguments of hcloud.Server) or an existing hcloud.Server. Without it: any Debian host by `ssh`. */
  server?: hcloud.Server | hcloud.ServerArgs;
  /** How to reach the host. Without `server`, `host` and `hostKey` (or `acceptNewHostKey`) are required. */
  ssh?: SshArgs;
  /** Interface that leads outside. Default: the one with the default route. */
  uplink?: pulumi.Input<string>;
  /** Debian packages, added to what the library needs (systemd-container, debootstrap, iproute2). See {@link debuggingPackages}. */
  packages?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * Kernel settings by name, exactly as they have to be, written to sysctl.d, never to sysctl.conf. One that cannot be set
   * (its module is not loaded) is told by a warning and is a difference in each preview. Limits that the library raises
   * by itself are what is named here instead.
   */
  sysctls?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /**
   * systemd-resolved with its resolv.conf link. Servers and search list of before are handed on to it. Where resolv.conf has
   * options, it stays a file; where it names a server of the host itself (unbound, dnsmasq, Pi-hole), it stays as it
   * is, and resolved takes no port. Default true.
   */
  resolved?: pulumi.Input<boolean>;
  /**
   * All public keys that log in as `ssh.user`: its authorized_keys is written as a whole, keys of others go with a
   * warning, and what is added by hand is drift. Has to hold the key of the next login. What was written stays when the
   * host is deleted. Default: authorized_keys is nobody's business. Rotation of keys: docs/ssh.md.
   */
  authorizedKeys?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * Seconds, 30 to 600, within which a new SSH connection has to confirm a change that could cut the host off; else the
   * host puts everything back by itself. Default 90.
   */
  confirmWithin?: pulumi.Input<number>;
  /**
   * Other stacks have machines, bridges or addresses on it by {@link NspawnHost.reference}: as long as they do, it is not
   * removed, and neither is the server that was made for it. Default false: a server takes along what is on it.
   */
  shared?: boolean;
  /** Take over files that somebody else wrote. Default false. */
  adopt?: pulumi.Input<boolean>;
  /**
   * For a host that is gone for good: what is deleted on it while it cannot be reached goes from state with a warning,
   * instead of an error. Run `up` with it once before `destroy`. A host that answers, also with another key, is never
   * forgotten. Default false.
   */
  forgetUnreachable?: pulumi.Input<boolean>;
  /**
   * The IPv4 address that the host has on its uplink; only for hosts without `server`. Default: `ssh.host` where that is
   * one, else as found. Needed where something in front of the host translates or forwards: then `ssh.host` is not its own,
   * which is refused before anything is changed.
   */
  ipv4?: pulumi.Input<string>;
  /**
   * The IPv6 network that is routed to the host, in CIDR form, /48 to /112; only for hosts without `server`. Default: as found
   * on the uplink. Needed for `ipv6For` where the uplink has single addresses alone (/128: dedicated servers, DHCPv6).
   */
  ipv6Network?: pulumi.Input<string>;
}

/**
 * A home for machines: a Hetzner server (created here or given) or any Debian host that SSH reaches.
 *
 * Changes on the host: packages, sysctl.d, networkd enabled beside what configures the uplink, a script that answers
 * ARP and ND on the uplink for listed addresses, resolved. The uplink's own configuration is never edited.
 * Seed items: S1.11–S1.24, S1R.01–S1R.04, S1R.07. Errors: NSPAWN_UNREACHABLE, NSPAWN_REFUSED,
 * NSPAWN_NAME_NOT_FOUND, NSPAWN_ALGORITHMS, NSPAWN_HOST_KEY, NSPAWN_LOGIN,
 * NSPAWN_NOT_DEBIAN, NSPAWN_NOT_ROOT, NSPAWN_KERNEL_FEATURE, NSPAWN_MIRROR, NSPAWN_DISK_FULL, NSPAWN_NEXT_BOOT, NSPAWN_OWNED,
 * NSPAWN_BUSY, NSPAWN_ROLLED_BACK.
 */
export class NspawnHost extends pulumi.ComponentResource implements Host {
  /** The host's own IPv4 address; undefined without IPv4. */
  readonly ipv4: pulumi.Output<string | undefined>;
  /** The host's own IPv6 network, such as `2001:db8:1::/64`; undefined without one: no IPv6, or single addresses alone. */
  readonly ipv6Network: pulumi.Output<string | undefined>;
  /** Name of the interface that leads outside. */
  readonly uplink: pulumi.Output<string>;
  /** The pinned public host key. */
  readonly hostKey: pulumi.Output<string | undefined>;
  readonly os: pulumi.Output<string>;
  readonly systemdVersion: pulumi.Output<string>;
  readonly server?: hcloud.Server;
  readonly cloud?: CloudPlace;
  /** How resources on this host reach it; without secrets. */
  readonly connection: pulumi.Output<object>;
  /** The secret half of the connection. */
  readonly credentials: pulumi.Output<object>;
  /** Secret: what another stack needs to use this host, for {@link NspawnHost.reference}. Export it there by a name. */
  readonly exported: pulumi.Output<ExportedHost>;
  /** Which host this is, known in every preview, and which machine it is now. @internal */
  readonly ref: { id: string; instance: pulumi.Output<string> };
  /** What has to be there before anything else on this host. @internal */
  readonly prepared: HostResource;
  /** The newest cloud action on the server: the provider does not retry `locked`, so they go one after the other. @internal */
  lastCloudAction: pulumi.Resource | undefined;

  constructor(name: string, args: NspawnHostArgs, options: pulumi.ComponentResourceOptions = {}) {
    super("nspawn:index:NspawnHost", name, {}, retained(options));
    const ssh = args.ssh ?? {};
    requireAddressAndKey(args);
    const below = args.server === undefined ? undefined : serverOf(name, args.server, this);
    this.server = below?.server;
    this.cloud = this.server && { serverId: this.server.id.apply(Number), location: this.server.location };
    this.ref = { id: ownerOf("host", name), instance: instanceOf(ssh, below) };
    const { connection, credentials } = connectionOf(ssh, below?.address, pinnedKeys(below), args.confirmWithin);
    this.connection = forgettable(connection, args.forgetUnreachable);
    this.credentials = credentials;
    const deletedWith = args.shared === true ? undefined : this.server;
    this.prepared = new HostResource(name, this.inputs(args, below), { parent: this, deletedWith });
    this.ipv4 = ownIpv4(args, below, this.prepared);
    this.ipv6Network = ownIpv6Network(args, below, this.prepared);
    this.uplink = this.prepared.uplinkName;
    this.hostKey = pulumi.output(pinnedKeys(below)[0] ?? ssh.hostKey);
    this.os = this.prepared.os;
    this.systemdVersion = this.prepared.systemdVersion;
    this.exported = this.export();
    this.registerOutputs({
      ipv4: this.ipv4,
      ipv6Network: this.ipv6Network,
      uplink: this.uplink,
      hostKey: this.hostKey,
    });
  }

  /**
   * A host of another stack, as a host for what this stack declares; each stack owns its own. Nothing is prepared or removed
   * on it by this. The host's own stack says `shared: true`, and exports {@link NspawnHost.exported}.
   *
   * @param name in this program, for messages; any, and each host its own
   * @param exported `new pulumi.StackReference("org/platform/prod").requireOutput("home")`
   */
  static reference(name: string, exported: pulumi.Input<ExportedHost>): Host {
    return new HostReference(name, exported);
  }

  private export(): pulumi.Output<ExportedHost> {
    const { ref, connection, credentials, ipv4, ipv6Network, uplink, hostKey, os, systemdVersion, server } = this;
    const said = {
      instance: ref.instance,
      connection,
      credentials,
      ipv4,
      ipv6Network,
      uplink,
      hostKey,
      os,
      systemdVersion,
    };
    return pulumi.secret(pulumi.output({ nspawnHost: 1, ...said, location: server?.location }));
  }

  private inputs(args: NspawnHostArgs, below: HostServer | undefined): pulumi.Inputs {
    const { uplink, packages, sysctls, resolved, adopt, authorizedKeys } = withDefaults(args, hostDefaults);
    const rotated = below?.hostKey;
    return {
      stateVersion: 1,
      owner: this.ref.id,
      host: this.ref,
      connection: this.connection,
      credentials: this.credentials,
      secretFiles: pulumi.secret({}),
      uplink,
      packages,
      sysctls,
      resolved,
      adopt,
      authorizedKeys,
      bootHostKey: rotated?.bootPublicKey,
      ownIpv4: below === undefined ? args.ipv4 : undefined,
      rotation: rotated && pulumi.secret({ privateKey: rotated.privateKey }),
    };
  }
}

function pinnedKeys(below: HostServer | undefined): pulumi.Input<string>[] {
  return below?.hostKey === undefined ? [] : [below.hostKey.publicKey];
}

/** Part of the connection, because each resource on the host has to know it when it is deleted. */
function forgettable(connection: pulumi.Output<object>, forget: pulumi.Input<boolean> = false): pulumi.Output<object> {
  return pulumi
    .all([connection, forget])
    .apply(([known, forgetUnreachable]) => (forgetUnreachable ? { ...known, forgetUnreachable } : known));
}

/** Said by the arguments where they say it; only else by the host, because then previews of its changes do not know it. */
function ownIpv4(
  args: NspawnHostArgs,
  below: HostServer | undefined,
  prepared: HostResource,
): pulumi.Output<string | undefined> {
  return below?.ipv4 ?? pulumi.output(args.ipv4 ?? literalIpv4(args.ssh ?? {}) ?? prepared.ipv4);
}

function ownIpv6Network(
  args: NspawnHostArgs,
  below: HostServer | undefined,
  prepared: HostResource,
): pulumi.Output<string | undefined> {
  return below?.ipv6Network ?? pulumi.output(args.ipv6Network ?? prepared.ipv6Network);
}

function instanceOf(ssh: SshArgs, below: HostServer | undefined): pulumi.Output<string> {
  if (below !== undefined) return below.server.id;
  return pulumi.interpolate`${ssh.host}:${ssh.port ?? 22}`;
}

/** The SSH host where it is written as an IPv4 address: then nothing has to be found out first. */
function literalIpv4(ssh: SshArgs): string | undefined {
  return typeof ssh.host === "string" && /^\d+(\.\d+){3}$/.test(ssh.host) ? ssh.host : undefined;
}

/** Which arguments are there is known before their values are: said at once, with what to write. */
function requireAddressAndKey(args: NspawnHostArgs): void {
  const ssh = args.ssh ?? {};
  const hasKey = ssh.hostKey !== undefined || ssh.acceptNewHostKey !== undefined;
  const ours = args.server !== undefined && !(args.server instanceof hcloud.Server);
  if (args.server === undefined && ssh.host === undefined) {
    throw new NspawnError("NSPAWN_INVALID_INPUT", "a host needs `server` or `ssh.host`; got neither", {
      path: "ssh.host",
    });
  }
  if (!ours && !hasKey) {
    const advice =
      "give the host's public key (`ssh-keyscan -t ed25519 HOST`, compared out of band), or acceptNewHostKey: true";
    throw new NspawnError("NSPAWN_INVALID_INPUT", `ssh.hostKey is required for an existing host: ${advice}`, {
      path: "ssh.hostKey",
    });
  }
}
