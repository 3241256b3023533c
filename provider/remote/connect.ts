import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "ssh2";
import { isUnreachable, NspawnError, withoutCode } from "../errors";
import { dial } from "./ssh/handshake";
import { loginOf } from "./ssh/login-key";
import type { Target } from "./target";

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
  // A key that cannot be used does not become one by waiting.
  for (let at: Target | undefined = target; at !== undefined; at = at.proxy) loginOf(at);
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
  // A new server refuses keys until it has them; an agent that does not answer is not the server's.
  const refused = error.code === "NSPAWN_LOGIN" && (error.cause as { level?: string } | undefined)?.level !== "agent";
  return (patience.newServer && refused) || isUnreachable(error);
}

function withAttempts(error: unknown, attempts: number, seconds: number): unknown {
  if (!isUnreachable(error)) return error;
  const message = `${withoutCode(error)} (${attempts} attempts in ${seconds} s)`;
  return new NspawnError(error.code, message, { cause: error.cause });
}
