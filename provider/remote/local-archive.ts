import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";

/** What is known of an archive on the machine that runs the program. */
export interface LocalArchive {
  bytes: number;
  /** 64 lower-case hexadecimal digits. */
  sha256: string;
  /** Its beginning, by which its kind is told. */
  head: Buffer;
}

/** The host takes no more. */
const mostBytes = 4 * 1024 ** 3;
const headBytes = 64 * 1024;

/** By path: what was read once in this process is not read again while the file is the same. */
const known = new Map<string, { as: string; archive: Promise<LocalArchive> }>();

/** `~/` is the home folder of who runs the program. */
export const fileOf = (path: string): string => (path.startsWith("~/") ? join(homedir(), path.slice(2)) : path);

/**
 * Size, sum and beginning of an archive, read piece by piece.
 *
 * @throws Error why it cannot be used
 */
export async function localArchive(path: string): Promise<LocalArchive> {
  const file = fileOf(path);
  const status = await stat(file);
  const { size, mtimeMs, ino, dev } = status;
  // A device or a pipe may have no end.
  if (!status.isFile()) throw new Error("it is not a regular file");
  if (size > mostBytes) throw new Error(`it has ${size} bytes, and a host takes ${mostBytes} at most`);
  const as = [size, mtimeMs, ino, dev].join(" ");
  const before = known.get(file);
  if (before?.as === as) return before.archive;
  const archive = readThrough(file);
  known.set(file, { as, archive });
  archive.catch(() => known.delete(file));
  return archive;
}

async function readThrough(file: string): Promise<LocalArchive> {
  const sum = createHash("sha256");
  let head = Buffer.alloc(0);
  let bytes = 0;
  for await (const piece of createReadStream(file, { highWaterMark: 1024 * 1024 }) as AsyncIterable<Buffer>) {
    sum.update(piece);
    bytes += piece.length;
    if (head.length < headBytes) head = Buffer.concat([head, piece]).subarray(0, headBytes);
  }
  return { bytes, sha256: sum.digest("hex"), head };
}
