import { NspawnError } from "../errors";
import { fieldsOf, type Step } from "./step";

/** Steps as lines of tab-separated fields, the form that a POSIX shell can read. Refuses what would change the form. */
export function encodeSteps(steps: Step[]): string {
  return steps.map((step) => line([step.verb, ...valuesOf(step)])).join("");
}

/** The names of each verb's fields, in the same form, as the shell calls them. */
export function encodeFields(): string {
  return Object.entries(fieldsOf)
    .map(([verb, fields]) => line([verb, ...Object.keys(fields).map(shellName)]))
    .join("");
}

/** `privateText` → `private_text`. */
export const shellName = (field: string): string => field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

function valuesOf(step: Step): (string | number)[] {
  const values = step as unknown as Record<string, string | number>;
  return Object.keys(fieldsOf[step.verb]).map((name) => values[name]!);
}

const line = (fields: (string | number)[]): string => `${fields.map(field).join("\t")}\n`;

function field(value: string | number): string {
  const text = String(value);
  const bad = [...text].findIndex((character) => character < " " || character === "\u007f");
  if (text !== "" && bad < 0) return text;
  const got = text === "" ? "an empty text" : `a control character at ${bad + 1}`;
  throw new NspawnError(
    "NSPAWN_INVALID_INPUT",
    `a field of a program for the host must be one line of text, got ${got}`,
  );
}
