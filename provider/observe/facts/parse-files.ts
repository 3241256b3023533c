import { notOurs } from "../../errors";
import { printableLine } from "../../model/read/printable";
import type { FoundFile } from "./facts";

const types: ReadonlySet<string> = new Set<FoundFile["type"]>([
  ...(["file", "link", "directory", "fifo", "socket", "device", "large", "leased", "behind"] as const),
]);

/** How each field of an entry has to look, in their order: path, kind, mode, owner, group, bytes of content. */
const forms = [/^[^\0\n]{1,4096}$/, /^[a-z]{1,20}$/, /^0[0-7]{1,4}$/, /^\d{1,10}$/, /^\d{1,10}$/, /^\d{1,9}$/];
/** Bytes in which the fields end; longer ones are nobody's. */
const mostFields = 5000;
const mostEntries = 100_000;

/**
 * Parses what tree.pl reads: these fields, each ended by NUL, and the content, one path after the other.
 *
 * @param what for messages: the list's name
 * @throws NSPAWN_REPORT when it is anything else
 */
export function parseFiles(raw: Buffer, what = "files"): Map<string, FoundFile> {
  const files = new Map<string, FoundFile>();
  for (let at = 0; at < raw.length;) {
    const { fields, end: from } = fieldsAt(raw, at, what);
    const [path = "", kind = "", mode, uid, gid, length] = fields;
    const end = from + Number(length);
    if (end > raw.length || files.has(path)) throw odd(what, at);
    if (files.size === mostEntries) throw notOurs(`the list of the ${what} has more than ${mostEntries} entries`);
    const type = types.has(kind) ? (kind as FoundFile["type"]) : "other";
    const text = raw.subarray(from, end).toString("utf8");
    files.set(path, { type, mode: `0${parseInt(mode!, 8).toString(8)}`, uid: Number(uid), gid: Number(gid), text });
    at = end;
  }
  return files;
}

/** The program's own files by their last name, and nothing else. @throws NSPAWN_REPORT */
export function parseTexts(raw: Buffer): Map<string, string> {
  const texts = new Map<string, string>();
  for (const [path, { type, text }] of parseFiles(raw, "facts")) {
    const name = /\/([A-Za-z0-9][\w.-]*)$/.exec(path)?.[1];
    if (type !== "file" || name === undefined || texts.has(name)) {
      throw notOurs(`the list of the facts has ${printableLine(path, 200)} where it cannot be, or twice`);
    }
    texts.set(name, text);
  }
  return texts;
}

function fieldsAt(raw: Buffer, from: number, what: string): { fields: string[]; end: number } {
  const fields: string[] = [];
  const within = raw.subarray(0, from + mostFields);
  let at = from;
  for (const form of forms) {
    const end = within.indexOf(0, at);
    const field = within.subarray(at, Math.max(at, end)).toString("utf8");
    if (end < 0 || !form.test(field)) throw odd(what, from);
    fields.push(field);
    at = end + 1;
  }
  return { fields, end: at };
}

function odd(what: string, at: number): Error {
  return notOurs(`the list of the ${what} has something else than files at byte ${at}`);
}
