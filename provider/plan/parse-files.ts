import { NspawnError } from "../errors";
import type { FoundFile } from "./facts";

const types: readonly string[] = [
  "file",
  "link",
  "directory",
  "fifo",
  "socket",
  "device",
  "large",
  "leased",
  "behind",
] satisfies FoundFile["type"][];

const NUL = 0;

/**
 * Parses what tree.pl reads of files: path, kind, mode, owner, group and length, each ended by NUL, and that many bytes
 * of content, one after the other.
 *
 * @throws NSPAWN_REPORT when it is anything else
 */
export function parseFiles(raw: Buffer): Map<string, FoundFile> {
  const files = new Map<string, FoundFile>();
  for (let at = 0; at < raw.length;) {
    const header = headerAt(raw, at);
    const [path = "", kind = "", mode = "", uid = "", gid = "", length = ""] = header.fields;
    const end = header.end + whole(length);
    if (path === "" || end > raw.length || !/^0[0-7]{0,4}$/.test(mode)) throw malformed(at);
    const content = raw.subarray(header.end, end).toString("utf8");
    const type = types.includes(kind) ? (kind as FoundFile["type"]) : "other";
    files.set(path, { type, mode: normal(mode), uid: whole(uid), gid: whole(gid), text: content });
    at = end;
  }
  return files;
}

function headerAt(raw: Buffer, from: number): { fields: string[]; end: number } {
  const fields: string[] = [];
  let at = from;
  while (fields.length < 6) {
    const end = raw.indexOf(NUL, at);
    if (end < 0) throw malformed(from);
    fields.push(raw.subarray(at, end).toString("utf8"));
    at = end + 1;
  }
  return { fields, end: at };
}

/** As everywhere else: `0644`, `0`. */
const normal = (mode: string): string => `0${parseInt(mode, 8).toString(8)}`;

function whole(text: string): number {
  if (!/^\d{1,10}$/.test(text)) throw malformed(0);
  return Number(text);
}

function malformed(at: number): NspawnError {
  return new NspawnError("NSPAWN_REPORT", `the list of files that the host sent cannot be read at byte ${at}`);
}
