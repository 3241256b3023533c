import type * as hcloud from "@pulumi/hcloud";
import type * as pulumi from "@pulumi/pulumi";

/** A host that machines, bridges and addresses stand on: an {@link NspawnHost} of this program, or another stack's by reference. */
export interface Host {
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
  /** How resources on this host reach it; without secrets. */
  readonly connection: pulumi.Output<object>;
  /** The secret half of the connection. */
  readonly credentials: pulumi.Output<object>;
  /** The server, where this program made it or was given it. */
  readonly server?: hcloud.Server;
  /** Where it is a server of Hetzner's cloud. */
  readonly cloud?: CloudPlace;
  /** Which host this is, known in every preview, and which machine it is now. @internal */
  readonly ref: { id: string; instance: pulumi.Output<string> };
  /** What has to be there before anything else on this host. @internal */
  readonly prepared?: pulumi.Resource;
  /** The newest cloud action on the server: the provider does not retry `locked`, so they go one after the other. @internal */
  lastCloudAction: pulumi.Resource | undefined;
}

/** A server as floating addresses have to know it. */
export interface CloudPlace {
  serverId: pulumi.Output<number>;
  location: pulumi.Output<string>;
}

/** What one stack says of a host to others: the value of {@link NspawnHost.exported}. Its form is the library's own. */
export interface ExportedHost {
  /** Of this form; 1 today. */
  nspawnHost: number;
  instance: string;
  connection: object;
  credentials: object;
  ipv4?: string;
  ipv6Network?: string;
  uplink: string;
  hostKey?: string;
  os: string;
  systemdVersion: string;
  /** Of a server of Hetzner's cloud. */
  location?: string;
}
