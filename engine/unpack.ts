import { createWriteStream } from "node:fs";
import { basename, join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { extract } from "tar-stream";

/**
 * Writes the named programs of a gzipped tar archive into a directory, executable. Only these names are ever written,
 * whatever paths the archive holds. Throws when one is missing or the archive is damaged.
 */
export async function unpack(archive: Readable, names: readonly string[], directory: string): Promise<void> {
  const missing = new Set(names);
  const entries = extract();
  entries.on("entry", (header, stream, next) => {
    const name = basename(header.name);
    if (header.type !== "file" || !missing.delete(name)) {
      stream.on("end", next);
      stream.resume();
      return;
    }
    pipeline(stream, createWriteStream(join(directory, name), { mode: 0o755 })).then(() => next(), next);
  });
  await pipeline(archive, createGunzip(), entries);
  if (missing.size > 0) throw new Error(`the archive lacks ${[...missing].join(", ")}`);
}
