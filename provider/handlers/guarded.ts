import { hostKeySecretNames, secretNames } from "../model/secret-names";
import { shown } from "./failure";
import { redactor } from "./redactor";
import { secretIn } from "./root-password";
import type { Properties } from "./state";

const names = [...secretNames, ...hostKeySecretNames];

type Method = (...given: never[]) => unknown;

/**
 * The handlers as the engine calls them: the secrets of a call are known before anything is done, and whatever it throws
 * is shown without them, mistakes of ours included. `configure` stays as it is: it has to be synchronous.
 */
export function guarded<H extends Record<string, Method>>(handlers: H): H {
  const { configure, ...calls } = handlers as unknown as Record<string, (...given: unknown[]) => unknown>;
  const wrapped = Object.entries(calls).map(([name, call]) => [
    name,
    (...given: unknown[]) => withSecretsHidden(call, given),
  ]);
  return { configure, ...Object.fromEntries(wrapped) } as H;
}

async function withSecretsHidden(call: (...given: unknown[]) => unknown, given: unknown[]): Promise<unknown> {
  for (const properties of given) learn(properties);
  try {
    return await call(...given);
  } catch (error) {
    throw shown(error);
  }
}

function learn(given: unknown): void {
  if (typeof given !== "object" || given === null) return;
  for (const name of names) redactor.learn(secretIn((given as Properties)[name]));
}
