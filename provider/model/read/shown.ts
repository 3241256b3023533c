import { controlAt, inLetters } from "./control";

const LIMIT = 60;

/**
 * A refused value as an error shows it: quoted, everything outside printable ASCII escaped (a Cyrillic `а` must not
 * pass for an `a`), 60 characters at most, and the place of the first control character.
 */
export function shown(value: unknown): string {
  if (typeof value !== "string") return shape(value);
  // Given in the place of a public one: its first line already holds some of it.
  if (value.includes("PRIVATE KEY")) return "a private key";
  const points = [...value.slice(0, LIMIT + 1)];
  const text = points.slice(0, LIMIT).map(escaped).join("");
  const control = controlAt(value);
  const length = value.length > LIMIT ? `… (${value.length} characters)` : "";
  return `"${text}"${length}${control >= 0 ? `, control character at ${control}` : ""}`;
}

function shape(value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "an object";
  return typeof value === "number" || typeof value === "boolean" ? String(value) : `a ${typeof value}`;
}

function escaped(character: string): string {
  if (character === '"' || character === "\\") return `\\${character}`;
  return character >= " " && character <= "~" ? character : inLetters(character);
}
