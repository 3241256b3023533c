import * as hcloud from "@pulumi/hcloud";
import * as pulumi from "@pulumi/pulumi";
import { hostDefaults } from "../model/defaults";
import { withDefaults } from "./defaults";
import { HostResource } from "./dynamic";
import type { CloudPlace, ExportedHost, Host } from "./host";
import { requireAddressAndKey, type NspawnHostArgs } from "./host-args";
import { HostReference } from "./host-reference";
import { ownerOf } from "./owner";
import { serverOf, type HostServer } from "./server";
import { connectionOf, type SshArgs } from "./ssh";
import { retained } from "./retained";

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
