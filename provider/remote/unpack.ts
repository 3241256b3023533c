import { extract } from "tar-stream";
import type { FoundFile } from "../plan/facts";

const types: Record<string, FoundFile["type"]> = { file: "file", symlink: "link", directory: "directory" };

/** Files of a tar archive by path, without a leading `./` and a trailing slash. */
export async function unpack(archive: Buffer): Promise<Map<string, FoundFile>> {
  const files = new Map<string, FoundFile>();
  const stream = extract();
  stream.end(archive);
  for await (const entry of stream) {
    const { header } = entry;
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer);
    files.set(header.name.replace(/^\.\//, "").replace(/\/$/, ""), {
      type: types[header.type ?? "file"] ?? "other",
      mode: `0${((header.mode ?? 0) & 0o7777).toString(8)}`,
      uid: header.uid ?? 0,
      gid: header.gid ?? 0,
      text: header.type === "symlink" ? (header.linkname ?? "") : Buffer.concat(chunks).toString("utf8"),
    });
  }
  return files;
}
