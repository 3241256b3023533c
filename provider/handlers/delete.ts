import { isUnreachable, NspawnError, withoutCode } from "../errors";
import type { CommonArgs } from "../model/args";
import { goneOrThrow, unlessGone } from "./gone";
import type { Kind } from "./kind";
import { show } from "./progress";
import { argsOf, type Properties } from "./state";

/** Takes back what the resource did. Doing it again does nothing. A host that is gone for good keeps nothing of ours. */
export async function remove<A extends CommonArgs>(kind: Kind<A>, properties: Properties): Promise<void> {
  const args = argsOf(kind, properties);
  try {
    const report = await unlessGone(args, (session, options) => session.apply(kind.removal(args), options));
    for (const warning of report.warnings) show(args.ownUrn, warning, "warning");
    if (report.failure !== undefined) throw report.failure;
  } catch (error) {
    goneOrThrow(withAdvice(error), args, "forgotten without a change");
  }
}

function withAdvice(error: unknown): unknown {
  if (!isUnreachable(error)) return error;
  const advice =
    "if the host is gone for good, set forgetUnreachable: true on its NspawnHost, run `up`, then delete again";
  return new NspawnError(error.code, `${withoutCode(error)}; ${advice}`, { cause: error.cause });
}
