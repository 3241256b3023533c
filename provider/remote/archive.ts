import { notOurs } from "../errors";
import { printableLine } from "../model/read/printable";
import { block, headerAt, isEmptyFrom, type Header } from "./archive-header";

/** One entry of an archive. */
export interface ArchiveEntry {
  /** As it stands there. */
  name: string;
  type: "file" | "link" | "directory" | "other";
  mode: number;
  uid: number;
  gid: number;
  /** Target of a link. */
  target: string;
  body: Buffer;
}

/** Bytes of a header that is longer than a block: names, and what POSIX adds. */
const mostLong = 65_536;

const types: ReadonlyMap<string, ArchiveEntry["type"]> = new Map([
  ["0", "file"],
  ["\0", "file"],
  ["2", "link"],
  ["5", "directory"],
  // Hard links, devices and pipes: told, not read.
  ...["1", "3", "4", "6"].map((flag): [string, "other"] => [flag, "other"]),
]);

/** What longer headers say of the entry after them. */
type Long = Partial<Pick<Header, "name" | "target" | "size" | "uid" | "gid">>;

/**
 * The entries of an archive as tar(1) writes it, in GNU's form or POSIX's. It is not trusted: what tar does not write
 * refuses the report, and nothing is taken for longer than it is.
 *
 * @param what the archive, for messages
 * @throws NSPAWN_REPORT
 */
export function* entriesOf(archive: Buffer, what: string): Generator<ArchiveEntry> {
  const refuse = (why: string): Error => notOurs(`the archive of the ${what}: ${why}`);
  let long: Long = {};
  let at = 0;
  for (;;) {
    const header = headerAt(archive, at, refuse);
    if (header === undefined) break;
    const own = isLong(header.flag) ? header : { ...header, ...long };
    const end = at + block + own.size;
    if (end > archive.length) throw refuse(`it ends within ${printableLine(own.name, 200)}`);
    const body = archive.subarray(at + block, end);
    at = end + ((block - (own.size % block)) % block);
    if (isLong(header.flag)) long = { ...long, ...longOf(header, body, refuse) };
    else {
      yield entryOf(own, body, refuse);
      long = {};
    }
  }
  if (Object.keys(long).length > 0) throw refuse("a name is without its entry");
  if (!isEmptyFrom(archive, at)) throw refuse("more comes after its end");
}

const isLong = (flag: string): boolean => ["L", "K", "x"].includes(flag);

function entryOf(header: Header, body: Buffer, refuse: (why: string) => Error): ArchiveEntry {
  const { flag, name, size } = header;
  const type = types.get(flag);
  const shown = printableLine(name, 200);
  if (type === undefined) throw refuse(`${shown} is of the type ${printableLine(flag)}`);
  if (type !== "file" && size > 0) throw refuse(`${shown} is no file, and has ${size} bytes`);
  return { ...header, type, body };
}

function longOf({ flag, size }: Header, body: Buffer, refuse: (why: string) => Error): Long {
  if (size > mostLong) throw refuse(`a name has ${size} bytes`);
  if (flag === "x") return posix(body, refuse);
  const text = body.toString("utf8").replace(/\0+$/, "");
  return flag === "L" ? { name: text } : { target: text };
}

/** Lines of `LENGTH KEY=VALUE`, pax(1). */
function posix(body: Buffer, refuse: (why: string) => Error): Long {
  const found = new Map<string, string>();
  for (let at = 0; at < body.length;) {
    const digits = /^[1-9]\d{0,5}(?= )/.exec(body.toString("latin1", at, at + 8))?.[0] ?? "";
    const end = at + Number(digits);
    const line = body.toString("utf8", at + digits.length + 1, end - 1);
    if (digits === "" || end > body.length || body[end - 1] !== 10 || !line.includes("="))
      throw refuse("a header of POSIX is not of its form");
    found.set(line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1));
    at = end;
  }
  return { ...named(found), ...numbered(found, refuse) };
}

function named(found: ReadonlyMap<string, string>): Long {
  const [name, target] = [found.get("path"), found.get("linkpath")];
  return { ...(name === undefined ? {} : { name }), ...(target === undefined ? {} : { target }) };
}

function numbered(found: ReadonlyMap<string, string>, refuse: (why: string) => Error): Long {
  const numbers: Long = {};
  for (const key of ["size", "uid", "gid"] as const) {
    const text = found.get(key);
    if (text === undefined) continue;
    if (!/^(0|[1-9]\d{0,14})$/.test(text)) throw refuse(`a ${key} is no number`);
    numbers[key] = Number(text);
  }
  return numbers;
}
