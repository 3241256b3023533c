/**
 * What no argument may hold: control characters, line separators, characters that reorder the text beside them on a
 * screen, half of a surrogate pair (it would be sent as another character).
 */
const CONTROL = /[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]|\p{Surrogate}/u;

/** Where the first of them stands; -1 where none does. */
export function controlAt(value: string): number {
  return value.search(CONTROL);
}

export function hasControl(value: string): boolean {
  return CONTROL.test(value);
}
