import { notOurs } from "../../errors";
import { isPlainObject } from "./plain-object";
import { printableLine } from "./printable";

/** Characters of one list, and its objects and lists of any depth: what is parsed takes more room than its text. */
const mostText = 8 * 1024 * 1024;
const mostOpened = 400_000;
/** Characters of one text in it: a name, an address. */
const mostWord = 1000;

/** One object of JSON that ip(8) or bridge(8) wrote. What is there in another form than these programs write refuses the report. */
export class JsonEntry {
  constructor(
    private readonly what: string,
    private readonly fields: Record<string, unknown>,
  ) {}

  text(name: string): string | undefined {
    const value = this.field(name);
    if (value === undefined) return undefined;
    return typeof value === "string" ? printableLine(value, mostWord) : this.refuse(name, "a text");
  }

  /** A text without which the entry means nothing. */
  needed(name: string): string {
    return this.text(name) ?? this.refuse(name, "a text");
  }

  /** A text for which null is written where there is none: what a tunnel without a link is on. */
  textOrNull(name: string): string | undefined {
    return this.field(name) === null ? undefined : this.text(name);
  }

  number(name: string): number | undefined {
    const value = this.field(name);
    if (value === undefined) return undefined;
    const fits = typeof value === "number" && Number.isInteger(value) && value >= 0 && value < 2 ** 32;
    return fits ? value : this.refuse(name, "a number");
  }

  flag(name: string): boolean | undefined {
    const value = this.field(name);
    return value === undefined || typeof value === "boolean" ? value : this.refuse(name, "true or false");
  }

  texts(name: string): string[] {
    return this.list(name).map((value) =>
      typeof value === "string" ? printableLine(value, mostWord) : this.refuse(name, "a list of texts"),
    );
  }

  entry(name: string): JsonEntry {
    return asEntry(`${this.what}.${name}`, this.field(name) ?? {});
  }

  entries(name: string): JsonEntry[] {
    return filled(`${this.what}.${name}`, this.list(name));
  }

  private list(name: string): unknown[] {
    const value = this.field(name) ?? [];
    return Array.isArray(value) ? (value as unknown[]) : this.refuse(name, "a list");
  }

  /** Its own only: every object has a `constructor`. */
  private field(name: string): unknown {
    return Object.hasOwn(this.fields, name) ? this.fields[name] : undefined;
  }

  private refuse(name: string, form: string): never {
    throw notOurs(`${this.what}: ${name} has to be ${form}`);
  }
}

/**
 * A list that ip(8) or bridge(8) wrote with `-j`; nothing when it wrote nothing.
 *
 * @param what the list, for messages
 * @throws NSPAWN_REPORT
 */
export function jsonEntries(what: string, text: string): JsonEntry[] {
  if (text.trim() === "") return [];
  if (text.length > mostText) throw notOurs(`${what} has ${text.length} characters, ${mostText} are allowed`);
  if (opened(text) > mostOpened) throw notOurs(`${what} has more than ${mostOpened} entries and parts of them`);
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    throw notOurs(`${what} is no JSON`);
  }
  if (!Array.isArray(list)) throw notOurs(`${what} is no list`);
  return filled(what, list as unknown[]);
}

/** ip(8) writes empty objects where it leaves something out. */
function filled(what: string, list: unknown[]): JsonEntry[] {
  const entries = list.filter((value) => !isPlainObject(value) || Object.keys(value).length > 0);
  return entries.map((value) => asEntry(what, value));
}

function asEntry(what: string, value: unknown): JsonEntry {
  if (!isPlainObject(value)) throw notOurs(`${what} has something that is no object`);
  return new JsonEntry(what, value);
}

function opened(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x5b || code === 0x7b) count += 1;
  }
  return count;
}
