import { NspawnError } from "../errors";
import type { Step } from "./step";

/** Steps as lines of tab-separated fields, the form that a POSIX shell can read. Refuses what would change the form. */
export function encodeSteps(steps: Step[]): string {
  return steps.map((step) => `${Object.values(step).map(field).join("\t")}\n`).join("");
}

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
