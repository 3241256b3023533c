import {
  createAgent,
  utils,
  type AuthMethod,
  type BaseAgent,
  type ConnectConfig,
  type ParsedKey,
  type SignCallback,
  type SigningRequestOptions,
} from "ssh2";
import { NspawnError } from "../../errors";
import type { Target } from "../target";

/** What of a connection's configuration logs in. */
type Login = Pick<ConnectConfig, "agent" | "authHandler">;

/** Where the keys of a target come from, for messages. */
export function keySourceOf(target: Target): string {
  if (target.privateKeyFile !== undefined) return `the private key in ${target.privateKeyFile}`;
  return target.privateKey === undefined ? "the keys of the SSH agent" : "the given private key";
}

/** The key or the agent of a target; without a connection. @throws NSPAWN_LOGIN when there is none, or it cannot be used */
export function loginOf(target: Target): Login {
  if (target.privateKey !== undefined) return withKey(target, parsed(target, target.privateKey));
  const path = target.agentSocketPath ?? process.env.SSH_AUTH_SOCK;
  if (path === undefined || path === "") throw nothingToLogInWith(target);
  return { agent: withoutSha1(createAgent(path)) };
}

/** The public half of a target's key, `ssh-ed25519 AAAA…`; `undefined` where only the agent knows. */
export function loginKeyOf(target: Target): string | undefined {
  return target.privateKey === undefined ? undefined : publicText(parsed(target, target.privateKey));
}

/** The public half of a private key without a passphrase, `ssh-ed25519 AAAA…`. */
export function publicKeyOf(privateKey: string): string {
  const key = utils.parseKey(privateKey);
  if (key instanceof Error) throw new Error(`not a private key in OpenSSH form: ${key.message}`);
  return publicText(key);
}

function publicText(key: ParsedKey): string {
  return `${key.type} ${key.getPublicSSH().toString("base64")}`;
}

function withKey(target: Target, key: ParsedKey): Login {
  const sign = key.sign.bind(key);
  // ssh2 signs with SHA-1 where the host does not say that it knows better.
  key.sign = ((data: Buffer, algorithm?: string) =>
    algorithm === "sha1" ? sha1Refused() : sign(data, algorithm)) as typeof key.sign;
  const method = { type: "publickey", username: target.user, key };
  return { authHandler: [method as unknown as AuthMethod] };
}

/** An RSA key of the agent signs with SHA-2, or not at all. */
function withoutSha1(agent: BaseAgent): BaseAgent {
  const sign = agent.sign?.bind(agent);
  if (sign === undefined) return agent;
  agent.sign = ((key: never, data: Buffer, options: SigningRequestOptions, done: SignCallback) =>
    (options.hash as string) === "sha1" ? done(sha1Refused()) : sign(key, data, options, done)) as typeof agent.sign;
  return agent;
}

function sha1Refused(): Error {
  return new Error("the host takes signatures of RSA keys with SHA-1 only; use an ed25519 key, or update its OpenSSH");
}

function parsed(target: Target, privateKey: string): ParsedKey {
  const key = utils.parseKey(privateKey, target.passphrase) as ParsedKey | ParsedKey[] | Error;
  const first = Array.isArray(key) ? key[0] : key;
  if (first instanceof Error || first === undefined) throw unusable(target, first?.message ?? "it is empty");
  if (!first.isPrivateKey()) throw unusable(target, "it is a public key");
  return first;
}

function unusable(target: Target, said: string): NspawnError {
  const source = keySourceOf(target);
  const about = `cannot log in to ${target.host} as ${target.user}: ${source}`;
  if (/no passphrase given/i.test(said)) {
    return new NspawnError(
      "NSPAWN_LOGIN",
      `${about} needs its passphrase; give it as privateKeyPassword or in a file (privateKeyPasswordFile), or use an agent`,
    );
  }
  if (target.passphrase !== undefined && /passphrase|bad decrypt|integrity|malformed/i.test(said)) {
    return new NspawnError("NSPAWN_LOGIN", `${about} cannot be opened with the given privateKeyPassword; correct it`);
  }
  return new NspawnError("NSPAWN_LOGIN", `${about} is not a key in OpenSSH's or PEM form (${said})`);
}

function nothingToLogInWith({ host, user }: Target): NspawnError {
  const ways = "set SSH_AUTH_SOCK, or ssh.privateKeyFile, or `pulumi config set --secret nspawn:sshPrivateKey`";
  return new NspawnError(
    "NSPAWN_LOGIN",
    `cannot log in to ${host} as ${user}: there is neither a private key nor an agent: ${ways}`,
  );
}
