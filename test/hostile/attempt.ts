import type { Resource } from "./base";

/** One hostile value: where it is given, and what `check` has to say of it. */
export interface Attempt {
  resource: Resource;
  /** Keys and indexes of the argument. */
  argument: (string | number)[];
  value: unknown;
  /** Part of the message. */
  says: string;
  /** Path of the property that is refused. */
  at: string;
}

type Group = [resource: Resource, argument: string | (string | number)[], says: string, values: unknown[], at?: string];

/** Hostile values by resource, argument and what is said of them. The path is that of the argument unless it is given. */
export function attempts(...groups: Group[]): Attempt[] {
  return groups.flatMap(([resource, place, says, values, at]) => {
    const argument = [place].flat();
    return values.map((value) => ({ resource, argument, value, says, at: at ?? pathOf(argument) }));
  });
}

function pathOf(argument: (string | number)[]): string {
  return argument
    .map((step) => {
      if (typeof step === "number") return `[${step}]`;
      return /^[A-Za-z_$][\w$]*$/.test(step) ? `.${step}` : `["${step.replace(/[^ !#-[\]-~]/g, "?")}"]`;
    })
    .join("")
    .replace(/^\./, "");
}
