import { NspawnError, type ErrorCode } from "../../errors";
import { printableLine } from "../../model/read/printable";
import { allowedIn } from "./algorithms";
import type { HostKeyCheck } from "./host-key";
import { keySourceOf } from "./login-key";
import type { ServerWords } from "./server-words";
import { dialSeconds, type Target } from "../target";

/** An error of ssh2 or of the system's. */
type Cause = Error & { level?: string; code?: string; errors?: Error[] };

/** Characters of what a server says, in an error. */
const most = 300;

const where = ({ host, port }: Target): string => `${host} port ${port}`;

/** A key that a host does not take: a new server may do so later. */
export class KeyRefused extends NspawnError {
  /** The host that refused it, which may be a jump host. */
  readonly by: string;

  constructor(target: Target, message: string, cause: Error) {
    super("NSPAWN_LOGIN", message, { cause });
    this.by = where(target);
  }

  /** Whether it was this host. */
  isBy(target: Target): boolean {
    return this.by === where(target);
  }
}

/** Why a connection was not made, as one error of the table. */
export function refusal(target: Target, check: HostKeyCheck, error: Error, words: ServerWords): NspawnError {
  if (error instanceof NspawnError) return error;
  const cause = error as Cause;
  // The reason of a disconnection, say, is the server's own text.
  cause.message = printableLine(cause.message, most);
  return (
    unusable(target, cause) ??
    hostKey(target, check, cause) ??
    algorithms(target, cause) ??
    login(target, cause, words) ??
    turnedAway(target, cause, words) ??
    unreachable(target, cause, codeOf(cause), words.after)
  );
}

function unusable({ host }: Target, cause: Cause): NspawnError | undefined {
  if (cause.level !== "configuration") return undefined;
  const message = `no connection to ${host} can be made: ${cause.message}; correct the ssh argument that this is about`;
  return new NspawnError("NSPAWN_INVALID_INPUT", message, { path: "connection", cause });
}

/** pam_nologin: not for ever. */
const passing = /booting up|going down|shut(ting)? ?down|reboot|try again|come back later/i;

/** sshd ends the connection of who has the right key and may not come in: an expired account, a host that is booting. */
function turnedAway(target: Target, cause: Cause, words: ServerWords): NspawnError | undefined {
  if (cause.level !== undefined || words.toLogin === "" || passing.test(words.toLogin)) return undefined;
  const { host, user } = target;
  const help = `see \`journalctl -u ssh\` there: the account may have expired (chage -l ${user}), or AllowUsers, AllowGroups or PAM keep it out`;
  return new NspawnError("NSPAWN_LOGIN", `${host} ended the login of ${user}${words.after}; ${help}`, { cause });
}

/** Why a jump host did not make the connection. */
export function refusedForward(target: Target, error: Error): NspawnError {
  const said = printableLine(error.message, most);
  const code = /refused/i.test(said)
    ? "NSPAWN_REFUSED"
    : /name|resolution/i.test(said)
      ? "NSPAWN_NAME_NOT_FOUND"
      : undefined;
  if (/prohibited/i.test(said)) {
    const jump = target.proxy?.host ?? "the jump host";
    return new NspawnError(
      "NSPAWN_UNREACHABLE",
      `cannot reach SSH on ${where(target)}: ${jump} does not forward (${said}); allow it there (AllowTcpForwarding, PermitOpen of sshd), and see whether the password of its login has expired (chage -l)`,
      { cause: error },
    );
  }
  return unreachable(target, new Error(`through the proxy: ${said}`), code);
}

function hostKey(target: Target, check: HostKeyCheck, { message }: Cause): NspawnError | undefined {
  const host = where(target);
  if (check.refused !== undefined) {
    const advice =
      "if the host was reinstalled, give its new key as ssh.hostKey; otherwise somebody may be intercepting the connection";
    return new NspawnError(
      "NSPAWN_HOST_KEY",
      `${host} showed the host key ${check.refused}, expected ${check.expected}; ${advice}`,
    );
  }
  if (/signature verification failed/i.test(message)) {
    return new NspawnError(
      "NSPAWN_HOST_KEY",
      `${host} showed the pinned host key and could not prove that it has it; somebody may be intercepting the connection`,
    );
  }
  if (/no matching host key/i.test(message) && target.hostKeys.length > 0) {
    const advice = "give a key that it has as ssh.hostKey (`ssh-keyscan HOST`, compared out of band)";
    return new NspawnError(
      "NSPAWN_HOST_KEY",
      `${host} has no host key of the pinned type, expected ${check.expected}; ${advice}`,
    );
  }
  return undefined;
}

function algorithms(target: Target, cause: Cause): NspawnError | undefined {
  const allowed = allowedIn(cause.message);
  if (allowed === undefined) return undefined;
  const what = cause.message.replace(/^Handshake failed: /, "");
  return new NspawnError(
    "NSPAWN_ALGORITHMS",
    `${where(target)} offers only SSH algorithms that are no longer safe: ${what}, allowed are ${allowed.join(", ")}; update its OpenSSH, or allow one of these in its sshd_config`,
    { cause },
  );
}

function login(target: Target, cause: Cause, words: ServerWords): NspawnError | undefined {
  const { host, user } = target;
  const fail = (message: string): NspawnError => new NspawnError("NSPAWN_LOGIN", message, { cause });
  if (cause.level === "agent") {
    const path = target.agentSocketPath ?? process.env.SSH_AUTH_SOCK ?? "";
    return fail(
      `cannot log in to ${host} as ${user}: the SSH agent at ${path} does not help: ${cause.message}; start it (ssh-agent, ssh-add), or correct SSH_AUTH_SOCK`,
    );
  }
  if (/too many authentication failures/i.test(cause.message)) {
    return fail(
      `${host} ended the login of ${user}: the agent holds more keys than the host lets one try; use ssh.privateKeyFile, or an agent with fewer keys`,
    );
  }
  if (cause.level !== "client-authentication") return undefined;
  if (cause.message.includes("SHA-1")) return fail(`${host}: ${cause.message}`);
  return new KeyRefused(
    target,
    `${host} refused the login of ${user} with ${keySourceOf(target)}${words.after}; check that the public key is in authorized_keys of that user`,
    cause,
  );
}

const advice: Partial<Record<ErrorCode, string>> = {
  NSPAWN_UNREACHABLE: "check that the host is up, that the address and port are right, and that no firewall drops SSH",
  NSPAWN_REFUSED: "check that sshd runs there, that the port is right, and that no firewall rejects SSH",
  NSPAWN_NAME_NOT_FOUND: "check ssh.host and the name servers of the machine that runs the program",
};

function codeOf({ code }: Cause): ErrorCode {
  if (code === "ECONNREFUSED") return "NSPAWN_REFUSED";
  return code === "ENOTFOUND" || code === "EAI_AGAIN" ? "NSPAWN_NAME_NOT_FOUND" : "NSPAWN_UNREACHABLE";
}

function unreachable(target: Target, cause: Cause, code: ErrorCode = codeOf(cause), words = ""): NspawnError {
  // Of a name with several addresses each attempt has its own error, and the whole no words.
  const said = cause.message !== "" ? cause.message : (cause.errors ?? []).map(({ message }) => message).join(", ");
  const timedOut = cause.level === "client-timeout" || cause.code === "ETIMEDOUT";
  const reason = timedOut ? `timed out: no login prompt within ${dialSeconds(target)} s` : said;
  return new NspawnError(code, `cannot reach SSH on ${where(target)}: ${reason}${words}; ${advice[code]}`, { cause });
}
