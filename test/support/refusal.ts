import type { Parsed, Problem } from "../../provider/model/problem";

/** The problems of inputs that have to be refused. */
export function problemsOf(parsed: Parsed<unknown>): Problem[] {
  if (parsed.ok) throw new Error(`accepted: ${JSON.stringify(parsed.value)}`);
  return parsed.problems;
}

/** Sets one property by its path of keys and indexes, on a deep copy. */
export function changed(inputs: object, path: (string | number)[], value: unknown): object {
  const copy = structuredClone(inputs) as Record<string | number, unknown>;
  let at = copy;
  for (const step of path.slice(0, -1)) at = at[step] as Record<string | number, unknown>;
  const last = path[path.length - 1]!;
  // An own property also where the name is __proto__.
  Object.defineProperty(at, last, { value, enumerable: true, configurable: true, writable: true });
  return copy;
}
