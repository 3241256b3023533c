import * as pulumi from "@pulumi/pulumi";

/** How to reach a host: the field names of @pulumi/command's connection. */
export interface SshArgs {
  /** Host name or address. Required without `server`; else the server's public IPv4 address, or its IPv6 address. */
  host?: pulumi.Input<string>;
  /** Default 22. */
  port?: pulumi.Input<number>;
  /** Default `root`. Any other has to become root by sudo without a password. */
  user?: pulumi.Input<string>;
  /** Private key, OpenSSH or PEM form. Default: `privateKeyFile`, else the stack's secret config `nspawn:sshPrivateKey`, else an agent. Secret. */
  privateKey?: pulumi.Input<string>;
  /**
   * Path of the private key on the machine that runs the program, absolute or from its user's home folder
   * (`~/.ssh/id_ed25519`). Read there at each run; state holds the path and never the key.
   */
  privateKeyFile?: pulumi.Input<string>;
  /** Passphrase of the private key. Secret. */
  privateKeyPassword?: pulumi.Input<string>;
  /** Path of a file with the passphrase and nothing else, read as `privateKeyFile` is. */
  privateKeyPasswordFile?: pulumi.Input<string>;
  /** Default `$SSH_AUTH_SOCK`. */
  agentSocketPath?: pulumi.Input<string>;
  /** The host's public key in OpenSSH form, `ssh-ed25519 AAAA…` (`ssh-keyscan -t ed25519 HOST`, checked out of band). */
  hostKey?: pulumi.Input<string>;
  /** Accept whatever key the host shows first. Default false. */
  acceptNewHostKey?: pulumi.Input<boolean>;
  /** A jump host, with a login of its own: its `privateKey` or `privateKeyFile`, else the stack's, else an agent. Needs its `hostKey` too. */
  proxy?: pulumi.Input<SshArgs>;
  /** Seconds for one attempt to connect. Default 20. */
  perDialTimeout?: pulumi.Input<number>;
  /** Attempts before giving up. */
  dialErrorLimit?: pulumi.Input<number>;
}

interface Connection {
  connection: pulumi.Output<object>;
  credentials: pulumi.Output<object>;
}

function withoutUndefined(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined));
}

function publicPart(ssh: pulumi.Unwrap<SshArgs>, hostKeys: string[]): object {
  return withoutUndefined({
    host: ssh.host,
    port: ssh.port ?? 22,
    user: ssh.user ?? "root",
    hostKeys: ssh.hostKey === undefined ? hostKeys : [ssh.hostKey, ...hostKeys],
    acceptNewHostKey: ssh.acceptNewHostKey,
    agentSocketPath: ssh.agentSocketPath,
    privateKeyFile: ssh.privateKeyFile,
    privateKeyPasswordFile: ssh.privateKeyPasswordFile,
    perDialTimeout: ssh.perDialTimeout,
    dialErrorLimit: ssh.dialErrorLimit,
    proxy: ssh.proxy === undefined ? undefined : publicPart(ssh.proxy, []),
  });
}

function secretPart(ssh: pulumi.Unwrap<SshArgs>): object {
  return withoutUndefined({
    privateKey: ssh.privateKey,
    privateKeyPassword: ssh.privateKeyPassword,
    proxy: ssh.proxy === undefined ? undefined : secretPart(ssh.proxy),
  });
}

/** The property names of the secret half, so that the other half can be unwrapped and stays readable in state. */
function split(ssh: SshArgs): { open: SshArgs; secret: SshArgs } {
  const { privateKey, privateKeyPassword, ...open } = ssh;
  return { open, secret: { privateKey, privateKeyPassword } };
}

/**
 * Splits the SSH arguments into what may be read in state and what is encrypted there.
 *
 * @param address the host's address when `ssh.host` is absent
 * @param hostKeys keys that the library itself pinned
 * @param confirmWithin seconds, of the host and not of a jump host
 */
export function connectionOf(
  ssh: SshArgs,
  address: pulumi.Input<string> | undefined,
  hostKeys: pulumi.Input<string>[],
  confirmWithin?: pulumi.Input<number>,
): Connection {
  const { open, secret } = split(ssh);
  const { proxy, ...direct } = open;
  const proxySplit = pulumi.output(proxy).apply((jump) => (jump === undefined ? undefined : split(jump as SshArgs)));
  const connection = pulumi
    .all([pulumi.output({ ...direct, host: ssh.host ?? address }), hostKeys, proxySplit, confirmWithin])
    .apply(([args, keys, jump, within]) =>
      withoutUndefined({ ...publicPart({ ...args, proxy: jump?.open }, keys), confirmWithin: within }),
    );
  const credentials = pulumi
    .all([pulumi.output(secret), proxySplit])
    .apply(([args, jump]) => secretPart({ ...args, proxy: jump?.secret }));
  return { connection: pulumi.unsecret(connection), credentials: pulumi.secret(credentials) };
}
