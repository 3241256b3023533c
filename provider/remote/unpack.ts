import { notOurs } from "../errors";
import { printableLine } from "../model/read/printable";
import type { FoundFile } from "../plan/facts";
import { entriesOf, type ArchiveEntry } from "./archive";

/** Bytes of a file that is read; the program leaves larger ones out. */
const mostOfFile = 512 * 1024;
const mostFiles = 100_000;
/** Number of texts: about twenty, and one for each running machine. */
const mostTexts = 10_000;

/** The texts of an archive that the program made of its own files, by name. */
export function unpackTexts(archive: Buffer): Map<string, string> {
  const texts = new Map<string, string>();
  for (const { name, type, body } of entriesOf(archive, "facts")) {
    if (type === "directory" && name === "./") continue;
    const own = /^\.\/([A-Za-z0-9][\w.-]*)$/.exec(name)?.[1];
    if (type !== "file" || own === undefined || texts.has(own)) throw odd("facts", name);
    if (texts.size === mostTexts) throw notOurs(`the archive of the facts has more than ${mostTexts} entries`);
    texts.set(own, body.toString("utf8"));
  }
  return texts;
}

/** Files of the host by path, without a leading `./` and a trailing slash. Files that are too large are as if absent. */
export function unpackFiles(archive: Buffer): Map<string, FoundFile> {
  const files = new Map<string, FoundFile>();
  for (const entry of entriesOf(archive, "files")) {
    const path = entry.name.replace(/^\.\//, "").replace(/\/$/, "");
    if (path.split("/").includes("..") || files.has(path)) throw odd("files", entry.name);
    if (files.size === mostFiles) throw notOurs(`the archive of the files has more than ${mostFiles} entries`);
    if (entry.body.length <= mostOfFile) files.set(path, found(entry));
  }
  return files;
}

function found({ type, mode, uid, gid, target, body }: ArchiveEntry): FoundFile {
  const text = type === "link" ? target : body.toString("utf8");
  return { type, mode: `0${(mode & 0o7777).toString(8)}`, uid, gid, text };
}

function odd(what: string, name: string): Error {
  return notOurs(`the archive of the ${what} has ${printableLine(name, 200)} where it cannot be, or twice`);
}
