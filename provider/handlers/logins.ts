import { NspawnError } from "../errors";
import type { HostArgs } from "../model/args";
import { canonicalJson } from "../model/digest";
import { keyIn } from "../model/rule/public-key";
import { hasUnknown } from "../model/unknown";
import { loginKeyOf } from "../remote/ssh/login-key";
import { sessionOf } from "../remote/sessions";
import type { Target } from "../remote/target";
import { targetOf } from "./target-of";
import type { HostAccess } from "./update";

/** Why the wanted keys would keep the program itself out; `undefined` when they do not, or only an agent knows. */
export function lockedOut(args: HostArgs): string | undefined {
  const { authorizedKeys, connection, credentials } = args;
  if (authorizedKeys === undefined || hasUnknown([authorizedKeys, connection, credentials])) return undefined;
  const key = knownKey(connection, credentials);
  if (key === undefined || authorizedKeys.some((line) => keyIn(line) === key)) return undefined;
  return `must hold the key that this program logs in with, ${key}; add it, or log in with a key that is listed (docs/ssh.md has the steps of a rotation)`;
}

/** Of a key that cannot be used is said when it is to be used: a preview needs none. */
function knownKey(...login: Parameters<typeof targetOf>): string | undefined {
  try {
    return loginKeyOf(targetOf(...login));
  } catch {
    return undefined;
  }
}

/**
 * How to reach a host whose keys change: with the new login, or, when the host does not let it in yet, with the old one.
 * The connection that confirms the change always logs in anew: a key that does not work never stays.
 */
export async function accessForLogins(before: HostArgs, after: HostArgs): Promise<HostAccess> {
  const target = targetOf(after.connection, after.credentials);
  const usual = { session: sessionOf(target), options: {} };
  if (after.authorizedKeys === undefined) return usual;
  try {
    await usual.session.open();
    return usual;
  } catch (error) {
    const former = isRefused(error) ? formerTarget(before, target) : undefined;
    if (former === undefined) throw error;
    const session = sessionOf(former);
    await session.open().catch(() => {
      throw error; // what the program says now is what has to be corrected
    });
    return { session, options: { confirmAs: target } };
  }
}

function isRefused(error: unknown): boolean {
  return error instanceof NspawnError && error.code === "NSPAWN_LOGIN";
}

/** The login that was used until now, where it is another one on the same host. */
function formerTarget({ connection, credentials }: HostArgs, target: Target): Target | undefined {
  if (connection.host !== target.host || connection.port !== target.port) return undefined;
  try {
    const former = { ...targetOf(connection, credentials), hostKeys: target.hostKeys };
    return canonicalJson(former) === canonicalJson(target) ? undefined : former;
  } catch {
    return undefined; // its key file is gone
  }
}
