import { NspawnError } from "../errors";
import { printable } from "../model/read/printable";
import { redactor } from "./redactor";
import type { Properties } from "./state";

/** What the engine is told of a resource that exists although its call failed. */
interface Initialization {
  id: string;
  /** Outputs so far. */
  outputs: Properties;
  /** The inputs of the call, whose `__provider` later calls need. */
  inputs: Properties;
}

type Partial = Error & { id: string; properties: Properties; reasons: string[] };

/** A failure of something that exists: the engine keeps id and properties, and the next `up` repairs. */
export function initializationFailure(error: unknown, of: Initialization): Partial {
  const clean = shown(error);
  const properties = { ...of.outputs, __provider: of.inputs.__provider };
  return Object.assign(clean, { id: of.id, properties, reasons: [clean.message] });
}

/**
 * The error as it may be shown: without secrets, with its code, without the errors that it is made of. The engine prints
 * its stack too: of an error of the table that is its message, of any other (a mistake of ours) where it came from.
 */
export function shown(error: unknown): Error {
  const given = error instanceof Error ? error : new Error(String(error));
  const clean = new Error(hidden(given.message));
  const { code, id, properties, reasons } = given as Partial & { code?: unknown };
  const isKnown = given instanceof NspawnError || id !== undefined;
  clean.name = given.name;
  clean.stack = isKnown ? clean.message : hidden(given.stack ?? clean.message);
  const partial = id === undefined ? {} : { id, properties, reasons: reasons.map(hidden) };
  return Object.assign(clean, { code }, partial);
}

/** Characters of a message. */
const most = 16_384;

/** Cut after secrets are hidden: half of one would not be recognized. */
function hidden(text: string): string {
  return printable(redactor.hide(text), most);
}
