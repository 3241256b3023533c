/** Where an SSH connection goes and what it may show and use. Kept in memory only: it holds secrets. */
export interface Target {
  host: string;
  port: number;
  user: string;
  /** Public keys in OpenSSH form that the host may show. */
  hostKeys: string[];
  /** Accept any key when `hostKeys` is empty. */
  acceptNewHostKey?: boolean;
  /** PEM or OpenSSH form; an agent is asked when absent. */
  privateKey?: string;
  passphrase?: string;
  /** Where `privateKey` was read from, for messages. */
  privateKeyFile?: string;
  /** Default `$SSH_AUTH_SOCK`. */
  agentSocketPath?: string;
  /** Seconds for one attempt. Default 20. */
  perDialTimeout?: number;
  /** Attempts; default: as many as fit into the patience of the call. -1: the same. */
  dialErrorLimit?: number;
  /** Seconds within which a change of the network has to be confirmed. Default 90. */
  confirmWithin?: number;
  proxy?: Target;
}

/** Seconds for one attempt to connect and log in, of each host on the way. */
export function dialSeconds(target: Target): number {
  return target.perDialTimeout ?? 20;
}
