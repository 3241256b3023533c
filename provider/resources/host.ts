import type * as hcloud from "@pulumi/hcloud";
import type * as pulumi from "@pulumi/pulumi";

/**
 * A host for machines, bridges and floating addresses: an {@link NspawnHost} of this program, or another stack's through
 * {@link NspawnHost.reference}.
 */
export interface Host {
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
  /** The public key of the host's WireGuard; undefined without `wireguard: true` of its {@link NspawnHost}. */
  readonly wireguardKey: pulumi.Output<string | undefined>;
  /** How resources on this host reach it, without secrets. */
  readonly connection: pulumi.Output<object>;
  /** The secret part of the connection: private keys and passphrases. */
  readonly credentials: pulumi.Output<object>;
  /** The server at Hetzner, if this program created it or was given it. */
  readonly server?: hcloud.Server;
  /** Id and location of the server at Hetzner; undefined for a host without a server there. */
  readonly cloud?: CloudPlace;
  /** Which host this is, known in every preview, and which machine it is now. @internal */
  readonly ref: { id: string; instance: pulumi.Output<string> };
  /** The server that goes with its NspawnHost, and all that is on it: then nothing is taken back there. @internal */
  readonly deletedWith?: pulumi.Resource;
  /** What has to be there before anything else on this host. @internal */
  readonly prepared?: pulumi.Resource;
  /** The newest cloud action on the server: the provider does not retry `locked`, so they go one after the other. @internal */
  lastCloudAction: pulumi.Resource | undefined;
}

/** A server at Hetzner, as floating addresses need to know it. */
export interface CloudPlace {
  /** Id of the server at Hetzner. */
  serverId: pulumi.Output<number>;
  /** Location of the server, such as `fsn1`. */
  location: pulumi.Output<string>;
}

/**
 * What one stack tells others about a host: the value of {@link NspawnHost.exported}. Pass it on unchanged; its format is
 * internal to the library.
 */
export interface ExportedHost {
  /** Version of this format; 1 today. */
  nspawnHost: number;
  /** Id of the server, or address and port of the host. */
  instance: string;
  /** How to reach the host, without secrets. */
  connection: object;
  /** Private keys and passphrases. */
  credentials: object;
  /** The host's own IPv4 address. */
  ipv4?: string;
  /** The host's own IPv6 network, in CIDR form. */
  ipv6Network?: string;
  /** Name of the interface that leads to the internet. */
  uplink: string;
  /** The pinned public host key. */
  hostKey?: string;
  /** Name of the operating system. */
  os: string;
  /** Version of systemd. */
  systemdVersion: string;
  /** The public key of its WireGuard; absent without one. */
  wireguardKey?: string;
  /** Location of a server at Hetzner; absent on other hosts. */
  location?: string;
}
