import { NspawnError } from "../errors";
import type { CommonArgs } from "../model/args";
import type { Desired } from "../model/desired";
import { factAs } from "../model/fact/fact-as";
import { isForLink } from "../model/fact/override";
import { filterWarnings } from "../observe/obstacles-to";
import type { Facts } from "../observe/facts/facts";
import { unsettable } from "../observe/found";
import { planFacts } from "../plan/plan-facts";
import type { Program } from "../plan/program";
import type { Subject } from "../observe/subject";
import { settingConflicts } from "../observe/settings/setting-conflicts";
import type { Report } from "../remote/report";
import type { CallOptions, Session } from "../remote/session";
import { differences } from "./differences";
import { withAdvice } from "./gone";
import { factsIn, subjectOf, stateIn } from "./host-facts";
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
  const report = await session.apply(program, { progress, ...options }).catch(async (error: unknown) => {
    throw await withAdvice(error, args);
  });
  for (const warning of report.warnings) show(args.ownUrn, warning, "warning");
  if (report.failure !== undefined && changedNothing(report, report.failure)) throw report.failure;
  const facts = await readable(report, args.connection.host);
  if (facts instanceof NspawnError) return { outputs: outputsOf(kind, args, nothing, {}), failure: facts };
  const wanted = kind.desired(args);
  const subject = subjectOf(kind, args, wanted);
  const found = [...settingConflicts(subject, facts), ...filterWarnings(subject, facts)];
  for (const warning of found) show(args.ownUrn, warning, "warning");
  const lookAgain = report.failure === undefined ? () => factsNow(session, args) : undefined;
  const { state, different } = await lookAt(subject, facts, lookAgain);
  const outputs = outputsOf(kind, args, state, kind.outputs(args, facts));
  return { outputs, failure: report.failure ?? overridden(args, state) ?? unlike(args, different) };
}

/**
 * What stands there of what is wanted, and where it is not that. The first look may have met another resource of the host in the
 * middle of its own change: a machine that leaves a bridge, whose filter still knew it.
 */
async function lookAt(
  subject: Subject,
  facts: Facts,
  again?: () => Promise<Facts | undefined>,
): Promise<{ state: Desired; different: string[] }> {
  const state = withoutObstacles(stateIn(subject, facts) ?? nothing);
  const without = unsettable(subject, facts);
  const different = differences(settable(subject.desired, without), settable(state, without));
  const later = different.length === 0 ? undefined : await again?.();
  return later === undefined ? { state, different } : lookAt(subject, later);
}

async function factsNow(session: Session, { connection: { host } }: CommonArgs): Promise<Facts | undefined> {
  const report = await session.facts(planFacts).catch(() => undefined);
  return report === undefined || report.failure !== undefined ? undefined : await factsIn(report, host);
}

/**
 * Then state stays as it was, too. Of a host that was put back it must not say what was wanted: where less is wanted than
 * before, all of it is there, and nothing would tell what else still is.
 */
function changedNothing({ claimed, rolledBack }: Report, { code }: NspawnError): boolean {
  return !claimed || rolledBack || code === "NSPAWN_OWNED";
}

/** Others' filters are nobody's to change: they are told, and a preview with refresh finds them. */
function withoutObstacles({ live, ...state }: Desired): Desired {
  const { obstacles: _told, ...rest } = live;
  return { ...state, live: rest };
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
  const message = `${args.connection.host}: files of others override what is declared: ${found.join("; ")}; remove these files, or what they say${narrower(found)}, and run \`up\` again`;
  return new NspawnError("NSPAWN_OVERRIDDEN", message);
}

/** Without the kernel settings that cannot be set: told already, and a difference in each refresh, but no reason to stop. */
function settable(state: Desired, without: string[]): Desired {
  const sysctls = Object.entries(factAs.named(state.live.sysctls)).filter(([name]) => !without.includes(name));
  if (state.live.sysctls === undefined) return state;
  return { ...state, live: { ...state.live, sysctls: Object.fromEntries(sysctls) } };
}

/** A file of networkd that fits too many links. */
function narrower(found: string[]): string {
  if (!found.some(isForLink)) return "";
  return ", or let a .network file match less (Name= of its own link, or Kind=!* beside Type=ether)";
}

/** Success is what stands there, not that nothing complained. */
function unlike(args: CommonArgs, different: string[]): NspawnError | undefined {
  if (different.length === 0) return undefined;
  const message = `${args.connection.host}: after the change these differ from what is declared: ${different.join("; ")}; run \`up\` again, and look at \`pulumi preview --refresh --diff\``;
  return new NspawnError("NSPAWN_STEP_FAILED", message);
}
