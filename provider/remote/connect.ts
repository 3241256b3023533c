import { setTimeout as sleep } from "node:timers/promises";
import { Client, type ClientChannel, type ConnectConfig } from "ssh2";
import { NspawnError } from "../errors";
import { HostKeyCheck } from "./host-key";
import type { Target } from "./target";
import { trace } from "./trace";

interface Patience {
  /** Seconds in which attempts are repeated. */
  seconds: number;
  /** Whether a refused login is repeated too: a new server answers before its keys are in place. */
  newServer: boolean;
  progress: (text: string) => void;
}

/** Connects, again and again while that makes sense. Every failure is one error of the table. */
export async function connect(target: Target, patience: Patience): Promise<Client> {
  const started = Date.now();
  const limit = target.dialErrorLimit !== undefined && target.dialErrorLimit > 0 ? target.dialErrorLimit : Infinity;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await dial(target);
    } catch (error) {
      const waited = Math.round((Date.now() - started) / 1000);
      if (!isWorthRepeating(error, patience) || waited >= patience.seconds || attempt >= limit) {
        throw withAttempts(error, attempt, waited);
      }
      patience.progress(`waiting for SSH on ${target.host} (${waited} s)`);
      await sleep(Math.min(500 * attempt, 2000));
    }
  }
}

function isWorthRepeating(error: unknown, patience: Patience): boolean {
  if (!(error instanceof NspawnError)) return false;
  return error.code === "NSPAWN_UNREACHABLE" || (patience.newServer && error.code === "NSPAWN_LOGIN");
}

function withAttempts(error: unknown, attempts: number, seconds: number): unknown {
  if (!(error instanceof NspawnError) || error.code !== "NSPAWN_UNREACHABLE") return error;
  const message = error.message.replace(/ \[NSPAWN_UNREACHABLE\]$/, "");
  return new NspawnError("NSPAWN_UNREACHABLE", `${message} (${attempts} attempts in ${seconds} s)`, {
    cause: error.cause,
  });
}

async function dial(target: Target): Promise<Client> {
  const through = target.proxy === undefined ? undefined : await dial(target.proxy);
  try {
    const sock = through === undefined ? undefined : await forward(through, target);
    const client = await handshake(target, sock);
    client.once("close", () => through?.end());
    return client;
  } catch (error) {
    through?.end();
    throw error;
  }
}

function forward(through: Client, target: Target): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    through.forwardOut("127.0.0.1", 0, target.host, target.port, (error, channel) => {
      if (error === undefined) resolve(channel);
      else reject(unreachable(target, `through the proxy: ${error.message}`, error));
    });
  });
}

function handshake(target: Target, sock: ClientChannel | undefined): Promise<Client> {
  const check = new HostKeyCheck(target);
  const client = new Client();
  return new Promise((resolve, reject) => {
    const refuse = (error: Error): void => {
      client.destroy();
      reject(explain(target, check, error));
    };
    client.once("ready", () => {
      client.removeListener("error", refuse);
      client.removeListener("close", lost);
      // An unhandled 'error' would end the provider process; 'close' follows and is what sessions listen to.
      client.on("error", () => undefined);
      // The payload is written in pieces; waiting for acknowledgements between them costs 40 ms each.
      client.setNoDelay(true);
      trace("connections", { host: target.host, port: target.port });
      resolve(client);
    });
    const lost = (): void => refuse(new Error("the connection was closed before the login"));
    client.on("error", refuse);
    client.on("close", lost);
    try {
      client.connect(config(target, check, sock));
    } catch (error) {
      refuse(error as Error);
    }
  });
}

function config(target: Target, check: HostKeyCheck, sock: ClientChannel | undefined): ConnectConfig {
  const agent = target.agentSocketPath ?? process.env.SSH_AUTH_SOCK;
  const login =
    target.privateKey === undefined ? { agent } : { privateKey: target.privateKey, passphrase: target.passphrase };
  return {
    host: target.host,
    port: target.port,
    username: target.user,
    ...login,
    sock,
    readyTimeout: (target.perDialTimeout ?? 20) * 1000,
    keepaliveInterval: 5000,
    keepaliveCountMax: 3,
    hostVerifier: check.verify,
    algorithms: { serverHostKey: check.algorithms as never },
  };
}

function unreachable(target: Target, reason: string, cause: unknown): NspawnError {
  const advice = "check that the host is up, that the address and port are right, and that no firewall drops SSH";
  return new NspawnError(
    "NSPAWN_UNREACHABLE",
    `cannot reach SSH on ${target.host} port ${target.port}: ${reason}; ${advice}`,
    {
      cause,
    },
  );
}

function explain(target: Target, check: HostKeyCheck, error: Error & { level?: string }): NspawnError {
  if (error instanceof NspawnError) return error;
  const where = `${target.host} port ${target.port}`;
  if (check.refused !== undefined) {
    const advice = "if the host was installed anew, give its new key as ssh.hostKey; else somebody may be between";
    return new NspawnError(
      "NSPAWN_HOST_KEY",
      `${where} showed the host key ${check.refused}, expected ${check.expected}; ${advice}`,
    );
  }
  if (/no matching host key/i.test(error.message)) {
    return new NspawnError(
      "NSPAWN_HOST_KEY",
      `${where} has no host key of the pinned type, expected ${check.expected}`,
      { cause: error },
    );
  }
  if (error.level === "client-authentication" || /privateKey|passphrase|agent/i.test(error.message)) {
    return login(target, error);
  }
  return unreachable(target, error.message, error);
}

function login(target: Target, error: Error): NspawnError {
  const used = target.privateKey === undefined ? "the keys of the SSH agent" : "the given private key";
  const none = target.privateKey === undefined && (target.agentSocketPath ?? process.env.SSH_AUTH_SOCK) === undefined;
  const advice = none
    ? "there is neither a private key nor an agent: set SSH_AUTH_SOCK, or `pulumi config set --secret nspawn:sshPrivateKey`"
    : "check that the public key stands in authorized_keys of that user";
  return new NspawnError("NSPAWN_LOGIN", `${target.host} refused the login of ${target.user} with ${used}; ${advice}`, {
    cause: new Error(error.message),
  });
}
