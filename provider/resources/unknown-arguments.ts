import type { Problem } from "../model/problem";
import { nearest } from "../model/read/nearest";

/** Arguments that a component does not have, which plain JavaScript lets pass. @param names all that it has */
export function unknownArguments<A extends object>(args: A, names: Record<keyof A, true>): Problem[] {
  const allowed = Object.keys(names).sort();
  return Object.keys(args)
    .filter((name) => !Object.hasOwn(names, name))
    .map((name) => {
      const meant = nearest(name, allowed);
      const hint = meant === undefined ? `allowed are ${allowed.join(", ")}` : `did you mean "${meant}"?`;
      return { path: name, message: `is not an argument; ${hint}` };
    });
}
