import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { pack } from "tar-stream";

export interface Entry {
  name: string;
  type?: "file" | "directory" | "link" | "symlink" | "block-device" | "character-device" | "fifo";
  linkname?: string;
  mode?: number;
  devmajor?: number;
  devminor?: number;
  content?: string;
}

/** A tree that the script takes for one that boots. */
export const bootable: Entry[] = [
  { name: "./", type: "directory", mode: 0o755 },
  { name: "./etc/", type: "directory", mode: 0o755 },
  { name: "./etc/machine-id", content: "0123456789abcdef0123456789abcdef\n" },
  { name: "./etc/a name with spaces \\ and ü", content: "x" },
  { name: "./usr/lib/systemd/", type: "directory", mode: 0o755 },
  { name: "./usr/lib/systemd/systemd", content: "#!", mode: 0o755 },
  { name: "./usr/lib/systemd/init", type: "link", linkname: "./usr/lib/systemd/systemd" },
  {
    name: "./usr/lib/systemd/system/systemd-networkd.service",
    content: "[Unit]\nDescription=x\n[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\n",
  },
  { name: "./lib", type: "symlink", linkname: "usr/lib" },
  { name: "./etc/localtime", type: "symlink", linkname: "/usr/share/zoneinfo/UTC" },
];

/** A plain tar archive, exactly of these entries. */
export async function archive(entries: Entry[]): Promise<Buffer> {
  const stream = pack();
  for (const { content, ...header } of entries) {
    stream.entry({ mtime: new Date(1e12), ...header }, content ?? "");
  }
  stream.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

export const tarball = async (entries: Entry[]): Promise<Buffer> => gzipSync(await archive(entries));

export const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");
