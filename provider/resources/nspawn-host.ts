import * as hcloud from "@pulumi/hcloud";
import * as pulumi from "@pulumi/pulumi";
import { hostDefaults } from "../model/defaults";
import { parseHost } from "../model/parse-host";
import type { Problem } from "../model/problem";
import { asWritten } from "../model/written";
import { withDefaults } from "./defaults";
import { HostResource } from "./dynamic";
import type { CloudPlace, ExportedHost, Host } from "./host";
import { hostNames, requireAddressAndKey, type NspawnHostArgs } from "./host-args";
import { HostReference } from "./host-reference";
import { ownerOf } from "./owner";
import { serverOf, type HostServer } from "./server";
import { connectionOf, type SshArgs } from "./ssh";
import { lookedAt, madeOf } from "./refusals";
import { retained } from "./retained";
import { unknownArguments } from "./unknown-arguments";

/**
 * A Debian host that runs machines: a Hetzner server, created here or given, or any host that SSH reaches.
 *
 * Changes on the host: installs packages, writes kernel settings (sysctl.d(5)), enables systemd-networkd(8) beside the
 * tool that configures the uplink, enables systemd-resolved(8), and adds a script that answers ARP (RFC 826) and neighbour
 * discovery (RFC 4861) on the uplink for the listed addresses. The uplink's own configuration is never edited. Deleting
 * the resource restores what was there before.
 *
 * Errors (docs/errors.md): `NSPAWN_INVALID_INPUT`, `NSPAWN_UNREACHABLE`, `NSPAWN_REFUSED`, `NSPAWN_NAME_NOT_FOUND`,
 * `NSPAWN_ALGORITHMS`, `NSPAWN_HOST_KEY`, `NSPAWN_LOGIN`, `NSPAWN_NOT_ROOT`, `NSPAWN_NOT_DEBIAN`,
 * `NSPAWN_KERNEL_FEATURE`, `NSPAWN_MIRROR`, `NSPAWN_DISK_FULL`, `NSPAWN_NEXT_BOOT`, `NSPAWN_OWNED`, `NSPAWN_BUSY`,
 * `NSPAWN_ROLLED_BACK`.
 *
 * @example A new server at Hetzner
 * ```ts
 * const key = new hcloud.SshKey("operator", { publicKey });
 * const host = new nspawn.NspawnHost("host-1", {
 *   server: { serverType: "cx23", image: "debian-13", location: "fsn1", sshKeys: [key.name] },
 * });
 * ```
 *
 * @example Any Debian host
 * ```ts
 * const host = new nspawn.NspawnHost("home", {
 *   ssh: { host: "203.0.113.5", hostKey: "ssh-ed25519 AAAA…" },
 * });
 * ```
 */
export class NspawnHost extends pulumi.ComponentResource implements Host {
  /** The host's own IPv4 address; undefined without IPv4. */
  readonly ipv4: pulumi.Output<string | undefined>;
  /**
   * The host's own IPv6 network, such as `2001:db8:1::/64`; undefined without IPv6, or where the uplink has single
   * addresses only.
   */
  readonly ipv6Network: pulumi.Output<string | undefined>;
  /** Name of the interface that leads to the internet, such as `eth0`. */
  readonly uplink: pulumi.Output<string>;
  /** The pinned public host key in OpenSSH form; undefined with `ssh.acceptNewHostKey` alone. */
  readonly hostKey: pulumi.Output<string | undefined>;
  /** Name of the operating system, `PRETTY_NAME` of os-release(5), such as `Debian GNU/Linux 13 (trixie)`. */
  readonly os: pulumi.Output<string>;
  /** Version of systemd, such as `257`. */
  readonly systemdVersion: pulumi.Output<string>;
  /**
   * The public key of the host's WireGuard, which the host made for itself; undefined without
   * {@link NspawnHostArgs.wireguard}. The secret one is on the host alone.
   */
  readonly wireguardKey: pulumi.Output<string | undefined>;
  /** The server at Hetzner, if this program created it or was given it. */
  readonly server?: hcloud.Server;
  /** Id and location of the server at Hetzner; undefined for a host without `server`. */
  readonly cloud?: CloudPlace;
  /** How resources on this host reach it, without secrets. */
  readonly connection: pulumi.Output<object>;
  /** The secret part of {@link NspawnHost.connection}: private keys and passphrases. */
  readonly credentials: pulumi.Output<object>;
  /**
   * What another stack needs to use this host through {@link NspawnHost.reference}. A secret: it holds the login. Export it
   * from this stack.
   */
  readonly exported: pulumi.Output<ExportedHost>;
  /** Which host this is, known in every preview, and which machine it is now. @internal */
  readonly ref: { id: string; instance: pulumi.Output<string> };
  /** The server that goes with this host, and all that is on it: then nothing is taken back there. @internal */
  readonly deletedWith?: pulumi.Resource;
  /** What has to be there before anything else on this host. @internal */
  readonly prepared: HostResource;
  /** The newest cloud action on the server: the provider does not retry `locked`, so they go one after the other. @internal */
  lastCloudAction: pulumi.Resource | undefined;

  /**
   * @param name unique name of the resource
   * @param args which host, and how to prepare it
   * @param options Pulumi's resource options; `retainOnDelete` also applies to the resources below
   */
  constructor(name: string, args: NspawnHostArgs, options: pulumi.ComponentResourceOptions = {}) {
    super("nspawn:index:NspawnHost", name, {}, retained(options));
    const ssh = args.ssh ?? {};
    const below = madeOf(`NspawnHost "${name}"`, () => {
      requireAddressAndKey(args);
      return args.server === undefined ? undefined : serverOf(name, args.server, this);
    });
    this.server = below?.server;
    this.cloud = this.server && { serverId: this.server.id.apply(Number), location: this.server.location };
    this.ref = { id: ownerOf("host", name), instance: instanceOf(ssh, below) };
    const { connection, credentials } = connectionOf(ssh, below?.address, pinnedKeys(below), args.confirmWithin);
    this.connection = forgettable(connection, args.forgetUnreachable);
    this.credentials = credentials;
    // One that was given stays when this program does no more than read it, and the engine does not say which it is.
    this.deletedWith = args.shared === true || below?.hostKey === undefined ? undefined : below.server;
    const inputs = lookedAt(`NspawnHost "${name}"`, this.inputs(args, below), (plain) => problemsOf(plain, args));
    this.prepared = new HostResource(name, inputs, { parent: this, deletedWith: this.deletedWith });
    this.ipv4 = ownIpv4(args, below, this.prepared);
    this.ipv6Network = ownIpv6Network(args, below, this.prepared);
    this.uplink = this.prepared.uplinkName;
    this.hostKey = pulumi.output(pinnedKeys(below)[0] ?? ssh.hostKey);
    this.os = this.prepared.os;
    this.systemdVersion = this.prepared.systemdVersion;
    const { wireguardKey } = this.prepared;
    this.wireguardKey = pulumi
      .output(args.wireguard)
      .apply((has): pulumi.Output<string | undefined> => (has === true ? wireguardKey : pulumi.output(undefined)));
    this.exported = this.export();
    this.registerOutputs({
      ipv4: this.ipv4,
      ipv6Network: this.ipv6Network,
      uplink: this.uplink,
      hostKey: this.hostKey,
    });
  }

  /**
   * Uses a host that another stack manages; see docs/ownership.md#a-host-of-several-stacks. The reference itself changes
   * nothing on the host. The other stack sets `shared: true` and exports {@link NspawnHost.exported}. Each stack owns the
   * resources that it declares. Errors: `NSPAWN_INVALID_INPUT`.
   *
   * @param name name of the host in this program, used in messages; unique among its references
   * @param exported the other stack's export: `new pulumi.StackReference("org/platform/prod").requireOutput("home")`
   * @returns a host to pass to bridges, floating addresses and machines
   */
  static reference(name: string, exported: pulumi.Input<ExportedHost>): Host {
    return new HostReference(name, exported);
  }

  private export(): pulumi.Output<ExportedHost> {
    const {
      ref,
      connection,
      credentials,
      ipv4,
      ipv6Network,
      uplink,
      hostKey,
      os,
      systemdVersion,
      server,
      wireguardKey,
    } = this;
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
      wireguardKey,
    };
    return pulumi.secret(pulumi.output({ nspawnHost: 1, ...said, location: server?.location }));
  }

  private inputs(args: NspawnHostArgs, below: HostServer | undefined): pulumi.Inputs {
    const { uplink, packages, sysctls, resolved, adopt, authorizedKeys, neighbourProxy, storage } = withDefaults(
      args,
      hostDefaults,
    );
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
      neighbourProxy,
      // Hosts of older versions have none, and say nothing of it.
      wireguard: pulumi.output(args.wireguard).apply((has) => has || undefined),
      storage,
      bootHostKey: rotated?.bootPublicKey,
      ownIpv4: below === undefined ? args.ipv4 : undefined,
      rotation: rotated && pulumi.secret({ privateKey: rotated.privateKey }),
    };
  }
}

/** What the library itself says. */
const notOurs = /^(host|owner|ownUrn|bootHostKey|rotation)\b/;

function problemsOf(inputs: object, args: NspawnHostArgs): Problem[] {
  const parsed = parseHost(inputs);
  const problems = parsed.ok ? [] : parsed.problems.filter(({ path }) => !notOurs.test(path));
  return [...unknownArguments(args, hostNames), ...asWritten("NspawnHost", inputs, problems)];
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
