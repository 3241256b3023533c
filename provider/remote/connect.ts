import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "ssh2";
import { isUnreachable, NspawnError, withoutCode } from "../errors";
import { dial } from "./ssh/handshake";
import { loginOf } from "./ssh/login-key";
import { KeyRefused } from "./ssh/refusal";
import type { Target } from "./target";

interface Patience {
  /** Seconds in which attempts are repeated. */
  seconds: number;
  /** Whether a refused key is offered again: a new server answers before its keys are in place. */
  newServer: boolean;
  progress: (text: string) => void;
}

/**
 * Seconds between offers of a key that a new server refuses. Four offers in 50 s: servers ban after five (fail2ban), and
 * sshd 9.8 and newer close the door on who was refused three times within seconds (PerSourcePenalties).
 */
const offers = [5, 15, 30];

/** Connects, again and again while that makes sense. Every failure is one error of the table. */
export async function connect(target: Target, patience: Patience): Promise<Client> {
  const started = Date.now();
  // A key that cannot be used does not become one by waiting, nor does a name that is none.
  for (let at: Target | undefined = target; at !== undefined; at = at.proxy) requireLogin(at);
  const pauses = new Pauses(target, patience);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await dial(target);
    } catch (error) {
      const waited = Math.round((Date.now() - started) / 1000);
      const pause = pauses.after(error, attempt);
      if (pause === undefined || waited >= patience.seconds) throw withAttempts(error, attempt, waited);
      const until = error instanceof KeyRefused ? ", which refuses the key so far" : "";
      patience.progress(`waiting for SSH on ${target.host}${until} (${waited} s)`);
      await sleep(pause * 1000);
    }
  }
}

/** How long to wait before another attempt. */
class Pauses {
  private refused = 0;

  constructor(
    private readonly target: Target,
    private readonly patience: Patience,
  ) {}

  /** Seconds; `undefined`: another attempt would end the same way, or there have been enough. */
  after(error: unknown, attempts: number): number | undefined {
    const { dialErrorLimit: limit = 0 } = this.target;
    if (limit > 0 && attempts >= limit) return undefined;
    if (refusedForNow(error, this.target, this.patience)) return offers[this.refused++];
    return isUnreachable(error) ? Math.min(0.5 * attempts, 2) : undefined;
  }
}

/** A new server refuses keys until it has them; any other host, and a jump host before it, has them or never will. */
function refusedForNow(error: unknown, target: Target, { newServer }: Patience): boolean {
  return newServer && error instanceof KeyRefused && error.isBy(target);
}

/** @throws NSPAWN_INVALID_INPUT, NSPAWN_LOGIN */
function requireLogin(target: Target): void {
  const { host, port, user } = target as Partial<Target>;
  const isPort = Number.isInteger(port) && Number(port) >= 1 && Number(port) <= 65535;
  const wrong = [
    ...(isText(host) ? [] : [`ssh.host is missing (got ${String(host)})`]),
    ...(isText(user) ? [] : [`ssh.user is missing (got ${String(user)})`]),
    ...(isPort ? [] : [`ssh.port has to be a number from 1 to 65535 (got ${String(port)})`]),
  ];
  if (wrong.length > 0) {
    const message = `no login on ${host ?? "a host"} can be tried: ${wrong.join("; ")}`;
    throw new NspawnError("NSPAWN_INVALID_INPUT", message, { path: "ssh" });
  }
  loginOf(target);
}

function isText(value: unknown): boolean {
  return typeof value === "string" && value !== "";
}

function withAttempts(error: unknown, attempts: number, seconds: number): unknown {
  const isRepeated = isUnreachable(error) || (error instanceof KeyRefused && attempts > 1);
  if (!isRepeated) return error;
  const count = `(${attempts} attempts in ${seconds} s)`;
  return new NspawnError(error.code, `${withoutCode(error)} ${count}`, { cause: error.cause });
}
