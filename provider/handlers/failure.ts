import { NspawnError } from "../errors";
import type { Properties } from "./state";
import { redact } from "./redact";
import { configuredPrivateKey } from "./stack-config";

/** What the engine prints of a failure must not hold any of these. */
function secretsOf(properties: Properties): unknown[] {
  const { credentials, rotation, rootPassword, secretFiles } = properties;
  return [credentials, rotation, rootPassword, secretFiles, configuredPrivateKey()];
}

/** The error as it may be shown: without secrets, without a stack (the engine prints it), with its code. */
export function shown(error: unknown, properties: Properties): Error {
  const message = redact(error instanceof Error ? error.message : String(error), secretsOf(properties));
  const clean = new Error(message);
  clean.name = error instanceof NspawnError ? "NspawnError" : "Error";
  clean.stack = message;
  return Object.assign(clean, { code: error instanceof NspawnError ? error.code : undefined });
}

interface Initialization {
  id: string;
  /** Outputs so far. */
  outputs: Properties;
  /** The inputs of the call, whose `__provider` later calls need. */
  inputs: Properties;
}

/** A failure of something that exists: the engine keeps id and properties, and the next `up` repairs. */
export function initializationFailure(error: unknown, of: Initialization): Error {
  const clean = shown(error, of.inputs);
  const properties = { ...of.outputs, __provider: of.inputs.__provider };
  return Object.assign(clean, { id: of.id, properties, reasons: [clean.message] });
}
