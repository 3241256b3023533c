import * as pulumi from "@pulumi/pulumi";
import type { ArgumentNames } from "./unknown-arguments";

/**
 * How to reach a host over SSH. Field names are those of @pulumi/command's `connection`. See docs/ssh.md for keys, their
 * rotation, time limits and algorithms.
 */
export interface SshArgs {
  /**
   * Host name or address. Required without `server`. Default: the server's public IPv4 address, or its IPv6 address if it
   * has no IPv4.
   */
  host?: pulumi.Input<string>;
  /** TCP port, 1 to 65535. Default 22. */
  port?: pulumi.Input<number>;
  /** Login name. A user other than root needs sudo(8) without a password (`NSPAWN_NOT_ROOT`). Default `root`. */
  user?: pulumi.Input<string>;
  /**
   * Private key in OpenSSH or PEM form. Secret; the state stores it encrypted. Not together with `privateKeyFile`. Default:
   * the secret configuration value `nspawn:sshPrivateKey`, else an agent.
   */
  privateKey?: pulumi.Input<string>;
  /**
   * Path of the private key on the machine that runs the program: absolute, or from the user's home directory
   * (`~/.ssh/id_ed25519`). The file is read at each run; the state stores only the path. Default: none.
   */
  privateKeyFile?: pulumi.Input<string>;
  /** Passphrase of the private key. Secret. Not together with `privateKeyPasswordFile`. Default: none. */
  privateKeyPassword?: pulumi.Input<string>;
  /** Path of a file that holds the passphrase and nothing else; read like `privateKeyFile`. Default: none. */
  privateKeyPasswordFile?: pulumi.Input<string>;
  /** Socket of the SSH agent. Default: `$SSH_AUTH_SOCK`. */
  agentSocketPath?: pulumi.Input<string>;
  /**
   * The host's public key in OpenSSH form, `ssh-ed25519 AAAA…`: the output of `ssh-keyscan -t ed25519 HOST`, compared out
   * of band. Any other key ends the connection (`NSPAWN_HOST_KEY`). Required unless the server is created here.
   */
  hostKey?: pulumi.Input<string>;
  /** Accept any host key. For labs only. Default false. */
  acceptNewHostKey?: pulumi.Input<boolean>;
  /**
   * A jump host, three in a row at most. It needs its own `hostKey`, and has its own login: its `privateKey` or
   * `privateKeyFile`, else the stack's key, else an agent. Default: none.
   */
  proxy?: pulumi.Input<SshArgs>;
  /** Seconds for one attempt to connect and log in, 1 to 600. Default 20. */
  perDialTimeout?: pulumi.Input<number>;
  /**
   * Number of attempts, 1 to 1000. Default 0: attempts go on for 60 s, or for 300 s while a new server boots.
   */
  dialErrorLimit?: pulumi.Input<number>;
}

/** All of them, for {@link unknownArguments}. */
export const sshNames: ArgumentNames<SshArgs> = {
  ...{ host: true, port: true, user: true, hostKey: true, acceptNewHostKey: true, agentSocketPath: true },
  ...{ privateKey: true, privateKeyFile: true, privateKeyPassword: true, privateKeyPasswordFile: true },
  ...{ perDialTimeout: true, dialErrorLimit: true },
  // A jump host has the same.
  get proxy() {
    return sshNames;
  },
};

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
