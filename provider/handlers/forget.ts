import { isUnreachable, NspawnError, withoutCode } from "../errors";
import type { CommonArgs } from "../model/args";
import { sessionOf } from "../remote/sessions";
import { show } from "./progress";
import { targetOf } from "./target-of";

/** Seconds of silence that are enough where the program says that silence means the end. */
export const forgetPatience = 20;

/**
 * What becomes of a deletion that failed. A host that is gone for good keeps nothing of ours: where the program says so
 * (`forgetUnreachable`), its resources go from state alone, with a warning. Only silence counts: a host that shows
 * another key or refuses the login is there, and a jump host that does not answer says nothing of the host behind it.
 */
export async function forgetOrThrow(error: unknown, args: CommonArgs): Promise<void> {
  if (!isUnreachable(error)) throw error;
  const { host, proxy, forgetUnreachable } = args.connection;
  if (forgetUnreachable !== true) throw withAdvice(error);
  if (proxy !== undefined) await sessionOf(targetOf(proxy, args.credentials.proxy)).open({ patience: forgetPatience });
  const left = `forgotten without a change on ${host}, which cannot be reached; if it comes back, what it holds of ours is still there`;
  show(args.ownUrn, left, "warning");
}

function withAdvice(error: NspawnError): NspawnError {
  const advice =
    "if the host is gone for good, set forgetUnreachable: true on its NspawnHost, run `up`, then delete again";
  return new NspawnError(error.code, `${withoutCode(error)}; ${advice}`, { cause: error.cause });
}
