import * as hcloud from "@pulumi/hcloud";
import * as pulumi from "@pulumi/pulumi";
import { HostKeyResource } from "./dynamic";
import { userDataWith } from "./user-data";

/** The server below a host: what the host component needs of it. */
export interface HostServer {
  server: hcloud.Server;
  /** Where to reach it: IPv4 where it has one, else IPv6; without a public address by its private one. */
  address: pulumi.Output<string>;
  ipv4: pulumi.Output<string | undefined>;
  ipv6Network: pulumi.Output<string | undefined>;
  /** Only of a server that the library made. */
  hostKey?: HostKeyResource;
}

function describe(server: hcloud.Server, hostKey?: HostKeyResource): HostServer {
  // The hcloud plugin writes a family that is switched off as "" or as "<nil>".
  const text = (value: pulumi.Output<string>) => value.apply((known) => (/^[0-9a-f]/.test(known) ? known : undefined));
  const open = text(server.ipv4Address);
  const inNetwork = server.networks.apply((networks) => networks?.[0]?.ip);
  // A server without public addresses has those of its private networks.
  const ipv4 = pulumi
    .all([open, text(server.ipv6Address)])
    .apply(([v4, v6]): pulumi.Output<string | undefined> =>
      v4 === undefined && v6 === undefined ? inNetwork : pulumi.output(v4),
    );
  return {
    server,
    hostKey,
    ipv4,
    ipv6Network: text(server.ipv6Network),
    address: pulumi.all([ipv4, server.ipv6Address]).apply(([v4, v6]) => v4 ?? v6),
  };
}

/**
 * A new hcloud.Server with host keys that are ours from its first boot, or the one that is given. A change of
 * `sshKeys` or `userData` never replaces the server: both only matter at its first boot.
 */
export function serverOf(name: string, server: hcloud.Server | hcloud.ServerArgs, parent: pulumi.Resource): HostServer {
  if (server instanceof hcloud.Server) return describe(server);
  const hostKey = new HostKeyResource(name, { parent });
  const keys = pulumi.output({ privateKey: hostKey.bootPrivateKey, publicKey: hostKey.bootPublicKey });
  const userData = pulumi.secret(pulumi.all([keys, server.userData]).apply(([pair, own]) => userDataWith(pair, own)));
  const options = {
    parent,
    ignoreChanges: ["sshKeys", "userData"],
    additionalSecretOutputs: ["userData"],
    // Hetzner knows each name once, so the old one has to go first.
    deleteBeforeReplace: server.name !== undefined,
  };
  return describe(new hcloud.Server(name, { ...server, userData }, options), hostKey);
}
