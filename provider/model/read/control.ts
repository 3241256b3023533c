/**
 * What no argument may hold: control characters, line separators, characters that reorder the text beside them on a
 * screen, half of a surrogate pair (it would be sent as another character).
 */
const CONTROL = /[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|\p{Surrogate}/u;

/** Where the first of them stands; -1 where none does. */
export function controlAt(value: string): number {
  return value.search(CONTROL);
}

export function hasControl(value: string): boolean {
  return CONTROL.test(value);
}

const NAMED: ReadonlyMap<string, string> = new Map([
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
]);

/** A character in plain letters: `\n`, `\u{1b}`. */
export function inLetters(character: string): string {
  return NAMED.get(character) ?? `\\u{${character.codePointAt(0)!.toString(16)}}`;
}
