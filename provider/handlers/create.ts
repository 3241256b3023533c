import type { CommonArgs } from "../model/args";
import type { CallOptions, Session } from "../remote/session";
import { sessionOf } from "../remote/sessions";
import { ensure } from "./ensure";
import { initializationFailure } from "./failure";
import { idOf } from "./id";
import type { Kind } from "./kind";
import { argsOf, type Properties } from "./state";
import { targetOf } from "./target-of";

/** How the first call differs from later ones. */
interface First<A> {
  /** Another session for the first program (a host's first contact), and what follows it. */
  session?: (args: A) => Session;
  confirm?: (args: A, first: Session) => Promise<void>;
  options?: CallOptions;
}

/** Makes the resource. What exists when it fails is kept with its id, so that the next `up` goes on. */
export async function create<A extends CommonArgs>(
  kind: Kind<A>,
  inputs: Properties,
  first: First<A> = {},
): Promise<{ id: string; outs: Properties }> {
  const args = argsOf(kind, inputs);
  const id = idOf(kind, args);
  const session = first.session?.(args) ?? sessionOf(targetOf(args.connection, args.credentials));
  const program = kind.plan(args, kind.desired(args), { first: true });
  const { outputs, failure } = await ensure(kind, args, session, program, first.options ?? {});
  if (failure !== undefined) throw initializationFailure(failure, { id, outputs, inputs });
  await first.confirm?.(args, session);
  return { id, outs: outputs };
}
