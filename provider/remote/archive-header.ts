/** A block of an archive that describes what follows it. */
export interface Header {
  /** The type of the entry, one character. */
  flag: string;
  name: string;
  target: string;
  mode: number;
  uid: number;
  gid: number;
  /** Bytes that follow. */
  size: number;
}

/** Bytes; everything in an archive fills whole ones. */
export const block = 512;
const zeros = Buffer.alloc(block);

/** Where a field stands, and its length. */
const fields = {
  name: [0, 100],
  mode: [100, 8],
  uid: [108, 8],
  gid: [116, 8],
  size: [124, 12],
  sum: [148, 8],
  flag: [156, 1],
  target: [157, 100],
  magic: [257, 6],
  prefix: [345, 155],
} as const;

/** The header at a place; `undefined` at the end of the archive, which is a block of zeros. */
export function headerAt(archive: Buffer, at: number, refuse: (why: string) => Error): Header | undefined {
  const bytes = archive.subarray(at, at + block);
  if (bytes.length < block) throw refuse("it has no end");
  if (bytes.equals(zeros)) return undefined;
  const number = (field: keyof typeof fields): number => {
    const value = numberIn(part(bytes, field));
    if (value === undefined) throw refuse(`a header at ${at} has a ${field} that is no number`);
    return value;
  };
  if (number("sum") !== sumOf(bytes)) throw refuse(`a header at ${at} has a wrong sum`);
  const prefix = text(bytes, "magic") === "ustar" ? text(bytes, "prefix") : "";
  return {
    flag: part(bytes, "flag").toString("latin1"),
    name: prefix === "" ? text(bytes, "name") : `${prefix}/${text(bytes, "name")}`,
    target: text(bytes, "target"),
    mode: number("mode"),
    uid: number("uid"),
    gid: number("gid"),
    size: number("size"),
  };
}

/** Whether nothing but zeros comes from a place on. */
export function isEmptyFrom(archive: Buffer, at: number): boolean {
  for (; at < archive.length; at += block) {
    if (!archive.subarray(at, at + block).equals(zeros.subarray(0, Math.min(block, archive.length - at)))) return false;
  }
  return true;
}

function part(bytes: Buffer, field: keyof typeof fields): Buffer {
  const [at, length] = fields[field];
  return bytes.subarray(at, at + length);
}

function text(bytes: Buffer, field: keyof typeof fields): string {
  const whole = part(bytes, field);
  const end = whole.indexOf(0);
  return whole.toString("utf8", 0, end < 0 ? whole.length : end);
}

/** Octal digits; of what they are too few for, GNU's tar writes the bytes of the number, with the first bit set. */
function numberIn(field: Buffer): number | undefined {
  if (field[0] === 0x80) {
    const value = field.subarray(1).reduce((sum, byte) => sum * 256 + byte, 0);
    return Number.isSafeInteger(value) ? value : undefined;
  }
  const digits = /^ *([0-7]+)[ \0]*$/.exec(field.toString("latin1"))?.[1];
  return digits === undefined ? undefined : Number.parseInt(digits, 8);
}

/** The sum of all bytes, where the field of the sum itself counts as spaces. */
function sumOf(bytes: Buffer): number {
  const [at, length] = fields.sum;
  let sum = 0;
  for (let index = 0; index < bytes.length; index += 1) {
    sum += index >= at && index < at + length ? 32 : (bytes[index] ?? 0);
  }
  return sum;
}
