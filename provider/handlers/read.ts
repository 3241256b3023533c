import { NspawnError, notOurs } from "../errors";
import type { CommonArgs } from "../model/args";
import { noPassword } from "../model/no-password";
import { planFacts } from "../plan/plan-facts";
import { goneOrThrow, unlessGone } from "./gone";
import { factsIn, subjectOf, stateIn } from "./host-facts";
import type { Kind } from "./kind";
import { isHash } from "./root-password";
import { argsOf, inputsOf, outputsOf, type Properties } from "./state";

export interface ReadResult {
  id: string;
  props: Properties;
  inputs?: Properties;
}

/** Looks at the host, once for all of its resources, and answers in the form of the inputs. */
export async function read<A extends CommonArgs>(
  kind: Kind<A>,
  id: string,
  properties: Properties,
): Promise<ReadResult> {
  if (properties.owner === undefined || properties.connection === undefined) throw nothingButAnId(id);
  const args = argsOf(kind, properties);
  const report = await unlessGone(args, (session, options) => session.facts(planFacts, options)).catch(
    (error: unknown) => goneOrThrow(error, args, "gone"),
  );
  if (report === undefined) return { id: "", props: {} };
  if (report.failure !== undefined) throw report.failure;
  const facts = await factsIn(report, args.connection.host);
  if (facts === undefined) throw notOurs(`${args.connection.host} reported no facts`);
  const wanted = kind.desired(args);
  const state = stateIn(subjectOf(kind, args, wanted), facts);
  if (state === undefined) return { id: "", props: {} };
  const seen = withFoundHash(args, Object.values(state.secretFiles)[0]);
  return {
    id,
    props: outputsOf(kind, seen, state, kind.outputs(args, facts)),
    inputs: inputsOf(kind, seen, state),
  };
}

function nothingButAnId(id: string): NspawnError {
  const message = `${id} cannot be read by its id alone: nothing says how to reach its host; declare it, with adopt: true to take it over`;
  return new NspawnError("NSPAWN_INVALID_INPUT", message, { path: "connection" });
}

/**
 * The argument follows what is found, or the next `check` would compare the password with a hash that is not used. The
 * machine's root writes there what it likes: of what is no hash (`passwd -l` makes one that begins with `!`) only that is said.
 */
function withFoundHash<A extends CommonArgs>(args: A, found = ""): A {
  if ((args as { rootPassword?: string }).rootPassword === undefined) return args;
  return { ...args, rootPassword: isHash(found) ? found : noPassword };
}
