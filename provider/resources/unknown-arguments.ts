import * as pulumi from "@pulumi/pulumi";
import type { Problem } from "../model/problem";
import { nearest } from "../model/read/nearest";

/** The names of all arguments of an object; what is an object itself, or a list of such, may have a table of its own. */
export type ArgumentNames<A extends object = Record<string, unknown>> = Record<keyof A, true | Nested>;
interface Nested {
  [name: string]: true | Nested;
}

/**
 * Arguments that a component does not have, at any depth, which plain JavaScript lets pass. Only of what is plain: inside of an
 * output nothing is looked at.
 *
 * @param names all that it has
 */
export function unknownArguments<A extends object>(args: A, names: ArgumentNames<A>): Problem[] {
  return unknownIn(args, names, "");
}

function unknownIn(value: unknown, names: Nested, path: string): Problem[] {
  if (Array.isArray(value)) return value.flatMap((entry, index) => unknownIn(entry, names, `${path}[${index}]`));
  if (!isPlain(value)) return [];
  return Object.entries(value).flatMap(([name, entry]) => {
    const at = path === "" ? name : `${path}.${name}`;
    const known = Object.hasOwn(names, name) ? names[name] : undefined;
    if (known === undefined) return [{ path: at, message: `is not an argument; ${hint(name, Object.keys(names))}` }];
    return known === true ? [] : unknownIn(entry, known, at);
  });
}

function hint(name: string, names: string[]): string {
  const allowed = names.sort();
  const meant = nearest(name, allowed);
  return meant === undefined ? `allowed are ${allowed.join(", ")}` : `did you mean "${meant}"?`;
}

/** An object of the program itself: no output, promise or resource. */
export function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  return !pulumi.Output.isInstance(value) && !pulumi.Resource.isInstance(value) && !(value instanceof Promise);
}
