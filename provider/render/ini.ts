import { UNKNOWN } from "../model/unknown";
import { header } from "./header";

/** Keys of a section in the order that they are written; an absent value leaves its key out, a list repeats it. */
export type Section = [name: string, keys: Record<string, string | string[] | undefined>];

/**
 * A file in systemd's syntax, systemd.syntax(7).
 *
 * @throws Error when a value has a line break or ends with a backslash: arguments are refused long before this.
 */
export function ini(sections: readonly Section[]): string {
  return header + sections.map(section).filter(Boolean).join("\n");
}

function section([name, keys]: Section): string {
  const lines = Object.entries(keys).flatMap(([key, value]) =>
    [value ?? []].flat().map((one) => `${key}=${checked(key, one)}\n`),
  );
  return lines.length === 0 ? "" : `[${name}]\n${lines.join("")}`;
}

function checked(key: string, value: string): string {
  if (value.includes(UNKNOWN) || /^[^\x00-\x1f\x7f]*[^\\\x00-\x1f\x7f]$/.test(value)) return value;
  throw new Error(`${key}= cannot hold ${JSON.stringify(value.slice(0, 60))}`);
}
