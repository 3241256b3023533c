import * as pulumi from "@pulumi/pulumi";
import { NspawnError, withCode, withoutCode } from "../errors";
import type { Problem } from "../model/problem";

/** The form in which Pulumi passes secrets on. */
const secretSignature = "4dabf18193072939515e22adb298388d";
/** Milliseconds without another refusal, after which nobody else is waited for. */
const quiet = 2500;

/** What has been refused in each run of a program: a process may run many. */
const runs = new WeakMap<object, string[]>();

function refusedInThisRun(): string[] {
  const run: object = pulumi.runtime.getStackResource() ?? runs;
  const refused = runs.get(run) ?? [];
  runs.set(run, refused);
  return refused;
}

/**
 * The inputs of a resource, looked at in the program itself. The engine ends at the first resource that its provider
 * refuses, so of ten machines with a mistake each it would tell of one; here all of them are told. What is unknown in a
 * preview passes, as it does in the provider, which looks at everything again. Without an engine nobody is told anything.
 *
 * @param who for messages: `NspawnMachine "web"`
 * @param problems what is wrong with the inputs as the engine will get them, in the words of the program
 * @param claims what else has to come to its end before the resource is registered, and does not keep from looking
 */
export function lookedAt(
  who: string,
  inputs: pulumi.Inputs,
  problems: (inputs: object) => Problem[],
  claims: pulumi.Input<unknown>[] = [],
): pulumi.Inputs {
  const looked = pulumi.runtime.hasEngine() ? look(who, inputs, problems) : undefined;
  if (looked === undefined && claims.length === 0) return inputs;
  return { ...inputs, stateVersion: pulumi.all([looked, ...claims]).apply((): unknown => inputs.stateVersion) };
}

/** The same of what is no resource's inputs. Without an engine nobody is told anything. */
export async function checked(who: string, said: pulumi.Inputs, problems: (said: object) => Problem[]): Promise<void> {
  if (pulumi.runtime.hasEngine()) await look(who, said, problems);
}

/** One problem that was found while the program runs: its end, beside all else that is refused; without an engine, an error. */
export function refused(who: string, problem: Problem): Promise<never> {
  if (!pulumi.runtime.hasEngine()) {
    throw new NspawnError("NSPAWN_INVALID_INPUT", `${who}: ${problem.path}: ${problem.message}`, {
      path: problem.path,
    });
  }
  return refuse([refusalText(who, problem)]);
}

/**
 * What a resource makes at once of its arguments; where they can't be used at all, the error that ends the program says whose
 * they are.
 *
 * @param who for messages: `FloatingIp "web"`
 */
export function madeOf<T>(who: string, made: () => T): T {
  try {
    return made();
  } catch (error) {
    if (!(error instanceof NspawnError)) throw error;
    throw new NspawnError(error.code, `${who}: ${withoutCode(error)}`, { path: error.path, cause: error });
  }
}

/**
 * What a function makes of a value that may not be known yet. An error that is thrown inside of `apply` keeps Pulumi busy for a
 * minute and ends in a trace of its own files; here a refusal is told like all others, and nobody gets a value.
 *
 * @param who for messages: `a subnet for "web"`
 * @param made throws NspawnError where it refuses
 */
export function derived<T, U>(
  who: string,
  value: pulumi.Input<T>,
  made: (known: pulumi.Unwrap<T>) => pulumi.Input<U>,
): pulumi.Output<U> {
  return pulumi.output(value).apply((known): U => {
    try {
      // An output is opened by `apply`, which its type does not say of an input.
      return made(known) as U;
    } catch (error) {
      if (!(error instanceof NspawnError) || !pulumi.runtime.hasEngine()) throw error;
      return refuse([`${who}: ${error.message}`]) as U;
    }
  });
}

/** Comes to its end only when nothing is refused: else the program ends, with all that is. */
async function look(who: string, inputs: pulumi.Inputs, problems: (inputs: object) => Problem[]): Promise<void> {
  const plain = opened(await pulumi.runtime.serializeProperties(who, inputs)) as object;
  const found = problems(plain);
  if (found.length > 0) await refuse(found.map((problem) => refusalText(who, problem)));
}

/** Ends the program soon, with all messages that it got in this run by then. */
export function refuse(messages: string[]): Promise<never> {
  const all = refusedInThisRun();
  if (all.push(...messages) === messages.length) void endWith(all);
  return new Promise(() => undefined);
}

function refusalText(who: string, { path, message }: Problem): string {
  return withCode("NSPAWN_INVALID_INPUT", `${who}: ${path}: ${message}`);
}

/** Of a rejection that nobody handles the runtime tells the message alone; in an input it would be somebody else's. */
async function endWith(all: string[]): Promise<never> {
  for (let count = 0; count < all.length;) {
    count = all.length;
    await new Promise((resolve) => setTimeout(resolve, quiet));
  }
  const refusal = new pulumi.RunError([...all].sort().join("\n"));
  // Where in this file is nobody's business.
  refusal.stack = refusal.message;
  throw refusal;
}

function opened(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(opened);
  if (typeof value !== "object" || value === null) return value;
  if (secretSignature in value) return opened((value as { value?: unknown }).value);
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, opened(entry)]));
}
