import type { Fact } from "../model/desired";
import { printable, printableLine } from "../model/read/printable";
import type { FoundFile } from "./facts/facts";

/** Characters of a word that was found, and of a file. */
const mostWord = 1000;
const mostFile = 65_536;
/** Number of words in a list. */
const mostWords = 1000;

/**
 * A file as it may be shown and kept. One that is as wanted is itself, to the byte; no other can come out like it, whatever
 * its characters look like.
 */
export function shownFile(file: FoundFile, wanted: string): string {
  const { type, text } = file;
  if (type === "file" && text === wanted) return text;
  const shown = type === "file" ? printable(text, mostFile) : `(${shownKind(file)})\n`;
  return shown === wanted ? `${shown}(looks as wanted, and is not)\n` : shown;
}

/** What stands in the place of a file or a link, in words. */
export function shownKind({ type, text }: FoundFile): string {
  if (type === "link") return `a link to ${printableLine(text, mostWord)}`;
  if (type === "large") return `a file of ${printableLine(text, 20)} bytes`;
  if (type === "leased") return "a file that its owner holds by a lease";
  if (type === "behind") return `behind ${printableLine(text, 100)}`;
  return type === "other" ? "nothing that can be read" : `a ${type}`;
}

/** A fact that was found, as it may be shown and kept. What of it is wanted is itself. */
export function shownFact(found: Fact, wanted: Fact | undefined): Fact {
  if (typeof found === "string") return shownWord(found, wanted);
  if (Array.isArray(found)) return shownList(found, new Set(Array.isArray(wanted) ? wanted : []));
  const named = wanted !== undefined && typeof wanted === "object" && !Array.isArray(wanted) ? wanted : {};
  return Object.fromEntries(Object.entries(found).map(([name, word]) => [name, shownWord(word, named[name])]));
}

function shownWord(found: string, wanted: unknown): string {
  return found === wanted ? found : printableLine(found, mostWord);
}

/** What is wanted is never among what is left out. */
function shownList(found: string[], wanted: ReadonlySet<string>): string[] {
  const others = found.filter((word) => !wanted.has(word));
  const left = new Set(others.slice(mostWords));
  const kept = found
    .filter((word) => !left.has(word))
    .map((word) => (wanted.has(word) ? word : printableLine(word, mostWord)));
  return left.size === 0 ? kept : [...kept, `… (${left.size} more)`];
}
