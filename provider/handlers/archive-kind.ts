import { constants, gunzipSync } from "node:zlib";

/** Where a tar header says what it is. */
const magicAt = 257;

/**
 * Why what begins like this is no archive of a tree; `undefined` when it may be one. What is packed by xz or zstd is looked into
 * by the host.
 */
export function noArchive(head: Buffer): string | undefined {
  if (head.length === 0) return "it is empty";
  if (head.subarray(0, 2).equals(Buffer.from([0x1f, 0x8b])))
    return isTar(unpacked(head)) ? undefined : "what is in it, packed by gzip, is no tar archive";
  const packed = ["fd377a585a00", "28b52ffd"].some((magic) => head.toString("hex").startsWith(magic));
  return packed || isTar(head) ? undefined : "it is no tar archive, neither plain nor packed by gzip, xz or zstd";
}

function isTar(head: Buffer): boolean {
  return head.toString("latin1", magicAt, magicAt + 5) === "ustar";
}

function unpacked(head: Buffer): Buffer {
  try {
    return gunzipSync(head, { finishFlush: constants.Z_SYNC_FLUSH });
  } catch {
    return Buffer.alloc(0);
  }
}
