import { hasControl, inLetters } from "./control";

const EACH = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|\p{Surrogate}/gu;
const BREAKS = /[\t\n]/g;

/**
 * A text of a host, a machine or a server as it may be shown: what would move the cursor, reorder or hide other text is in
 * plain letters (`\u{1b}`). Line breaks and tabs stay, and so does a text that has nothing of the kind, to the byte. What
 * is printable already comes out as it is.
 *
 * @param most characters; of a longer text the middle is counted, not shown
 */
export function printable(text: string, most = Infinity): string {
  return shortened(hasControl(text) ? text.replace(EACH, inLetters) : text, most);
}

/** The same as one line: line breaks and tabs are in letters too. */
export function printableLine(text: string, most = Infinity): string {
  return shortened(printable(text).replace(BREAKS, inLetters), most);
}

/** Characters of what stands in the place of the middle. */
const noteLength = 40;

function shortened(text: string, most: number): string {
  if (text.length <= most) return text;
  const end = Math.floor(most / 3);
  const begin = Math.max(0, most - end - noteLength);
  const left = text.length - begin - end;
  // No half of a surrogate pair.
  const [first, last] = [text.slice(0, begin), text.slice(text.length - end)];
  return `${first.replace(/[\ud800-\udbff]$/, "")}… (${left} characters) …${last.replace(/^[\udc00-\udfff]/, "")}`;
}
