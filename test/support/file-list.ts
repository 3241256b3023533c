interface Listed {
  path: string;
  /** Default `file`. */
  kind?: string;
  /** Default `0644`. */
  mode?: string;
  uid?: number | string;
  gid?: number | string;
  body?: string | Buffer;
  /** Where it is not that of the content. */
  length?: string;
}

/** A list of files as tree.pl writes it. */
export const fileList = (...all: Listed[]): Buffer => Buffer.concat(all.map(listed));

function listed({ path, kind = "file", mode = "0644", uid = 0, gid = 0, body = "", length }: Listed): Buffer {
  const fields = [path, kind, mode, uid, gid, length ?? Buffer.byteLength(body)];
  return Buffer.concat([Buffer.from(fields.map((field) => `${field}\0`).join("")), Buffer.from(body)]);
}

/** The facts' texts, as the program lists its own files. */
export const textList = (texts: Iterable<[string, string | Buffer]>): Buffer =>
  fileList(...[...texts].map(([name, body]) => ({ path: `/run/pulumi-nspawn.x/facts/${name}`, body })));
