interface Entry {
  name?: string;
  /** The type, one character. */
  flag?: string;
  /** Digits, or what stands in their place. */
  size?: string;
  body?: string | Buffer;
}

/** Blocks of one entry, as they come, with a right sum. */
export function entry({ name: path = "./x", flag = "0", size = "00000000000", body = "" }: Entry): Buffer {
  const header = Buffer.alloc(512);
  header.write(path, 0, 100);
  header.write("0000644\0", 100);
  header.write("0000000\0", 108);
  header.write("0000000\0", 116);
  header.write(size, 124, 12, "latin1");
  header.write("        ", 148);
  header.write(flag, 156, 1, "latin1");
  header.write("ustar  \0", 257);
  header.write(
    `${header
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, "0")}\0 `,
    148,
  );
  return Buffer.concat([header, Buffer.from(body), Buffer.alloc((512 - (Buffer.byteLength(body) % 512)) % 512)]);
}

const octal = (size: number): string => size.toString(8).padStart(11, "0");
export const end = Buffer.alloc(1024);
export const archive = (...entries: Entry[]): Buffer => Buffer.concat([...entries.map(entry), end]);
/** With a size that is right. */
export const sized = (body: string | Buffer, more: Entry = {}): Entry => ({
  size: octal(Buffer.byteLength(body)),
  body,
  ...more,
});
