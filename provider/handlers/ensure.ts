import { NspawnError } from "../errors";
import type { CommonArgs } from "../model/args";
import type { Desired } from "../model/desired";
import { factAs } from "../plan/fact";
import type { Facts } from "../plan/facts";
import type { Program } from "../plan/program";
import type { Report } from "../remote/report";
import type { CallOptions, Session } from "../remote/session";
import { differences } from "./differences";
import { factsIn, soughtOf, stateIn } from "./host-facts";
import type { Kind } from "./kind";
import { show } from "./progress";
import { nothing, outputsOf, type Properties } from "./state";

interface Outcome {
  outputs: Properties;
  /** What went wrong although something exists. */
  failure?: NspawnError;
}

/** Runs a program that makes a resource what its arguments want, and looks at what stands on the host afterwards. */
export async function ensure<A extends CommonArgs>(
  kind: Kind<A>,
  args: A,
  session: Session,
  program: Program,
  options: CallOptions,
): Promise<Outcome> {
  const progress = (text: string): void => show(args.ownUrn, text);
  const report = await session.apply(program, { progress, ...options });
  for (const warning of report.warnings) show(args.ownUrn, warning, "warning");
  if (report.failure !== undefined && (!report.claimed || report.failure.code === "NSPAWN_OWNED")) throw report.failure;
  const facts = await readable(report, args.connection.host);
  if (facts instanceof NspawnError) return { outputs: outputsOf(kind, args, nothing, {}), failure: facts };
  const wanted = kind.desired(args);
  const state = stateIn(soughtOf(kind, args, wanted), facts) ?? nothing;
  const outputs = outputsOf(kind, args, state, kind.outputs(args, facts));
  return { outputs, failure: report.failure ?? overridden(args, state) ?? unlike(args, differences(wanted, state)) };
}

/** The facts, or why there are none: what failed before says more than facts that cannot be read. */
async function readable(report: Report, host: string): Promise<Facts | NspawnError> {
  const none = new NspawnError("NSPAWN_STEP_FAILED", `${host} reported no facts`);
  const facts = await factsIn(report, host).catch((error: NspawnError) => error);
  return facts !== undefined && !(facts instanceof NspawnError) ? facts : (report.failure ?? facts ?? none);
}

/** Files of others are never touched: what they override stays so until somebody removes them. */
function overridden(args: CommonArgs, { boot, live }: Desired): NspawnError | undefined {
  const found = [...factAs.list(boot.overrides), ...factAs.list(live.overrides)];
  if (found.length === 0) return undefined;
  const message = `${args.connection.host}: files that are not ours win over what is wanted: ${found.join("; ")}; remove these files, or what they say${narrower(found)}, and run \`up\` again`;
  return new NspawnError("NSPAWN_OVERRIDDEN", message);
}

/** A file of networkd that fits too many links. */
function narrower(found: string[]): string {
  if (!found.some((text) => text.includes(" is read for "))) return "";
  return ", or let a .network file match less (Name= of its own link, or Kind=!* beside Type=ether)";
}

/** Success is what stands there, not that nothing complained. */
function unlike(args: CommonArgs, different: string[]): NspawnError | undefined {
  if (different.length === 0) return undefined;
  const message = `${args.connection.host}: after the change these are not as wanted: ${different.join("; ")}; run \`up\` again, and look at \`pulumi preview --refresh --diff\``;
  return new NspawnError("NSPAWN_STEP_FAILED", message);
}
