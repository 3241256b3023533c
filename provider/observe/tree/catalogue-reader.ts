import { notOurs } from "../../errors";
import { printableLine } from "../../model/read/printable";
import type { Catalogue, Entry, Obstacle } from "./catalogue";
import { foundIn, type Found } from "./found-path";

const mostPaths = 1_500_000;
/** Bytes of one text, and of a path that a program can name to Linux; folders in folders may lie deeper. */
const mostText = 65_536;
const mostPath = 4096;
/** Ids of a user namespace of systemd-nspawn. */
const ids = 65_536;

/**
 * Reads what the step `catalogue` wrote, piece by piece: the clock, then three texts for each path, all ended by NUL. A
 * host may write what it likes there: at the first thing that find(1) would not write in a tree the report is refused.
 */
export class CatalogueReader {
  private clock: number | undefined;
  private readonly entries = new Map<string, Entry>();
  /** The names of files that have several, by inode. */
  private readonly names = new Map<string, string[]>();
  private texts: string[] = [];
  private rest = "";
  private range: [number, number] | undefined;
  private obstacle: Obstacle | undefined;

  /** @param most number of paths; default 1,500,000, of which the memory is about 500 MB */
  constructor(private readonly most = mostPaths) {}

  push(piece: Buffer): void {
    const texts = (this.rest + piece.toString("latin1")).split("\0");
    this.rest = texts.pop() ?? "";
    for (const text of texts) this.text(text);
    if (this.rest.length > mostText) throw refused("a text has no end");
  }

  /** The whole, after all pieces. */
  end(): Catalogue {
    if (this.clock === undefined || this.rest !== "" || this.texts.length > 0) throw refused("it is not complete");
    for (const paths of this.names.values()) this.lead(paths);
    return { clock: this.clock, entries: this.entries, obstacle: this.obstacle };
  }

  private text(text: string): void {
    if (text.length > mostText) throw refused("a text is too long");
    if (this.clock === undefined) {
      if (!/^(0|[1-9]\d{0,11})$/.test(text)) throw refused("its clock is no number");
      this.clock = Number(text);
      return;
    }
    this.texts.push(text);
    if (this.texts.length < 3) return;
    const [fields = "", path = "", target = ""] = this.texts;
    this.texts = [];
    const found = foundIn(fields, target);
    if (found === undefined) throw refused(`what it says of ${shownPath(path)} is not what find(1) writes`);
    this.add(path, found);
  }

  private add(path: string, found: Found): void {
    if (path.length > mostPath) {
      this.obstacle ??= { path, why: `has a path of ${path.length} bytes, which tar(1) cannot name; remove it` };
      return;
    }
    // In a running machine find(1) may come upon a name a second time.
    if (this.entries.has(path)) return;
    if (!this.hasPlace(path, found)) throw refused(`${shownPath(path)} can be no path of it`);
    if (this.entries.size === this.most) throw refused(`it has more than ${this.most} paths`);
    this.compare(path, found);
    this.entries.set(path, found.entry);
    if (found.inode === undefined) return;
    const names = this.names.get(found.inode);
    if (names === undefined) this.names.set(found.inode, [path]);
    else names.push(path);
  }

  /** The root comes first, and a folder before what is in it: so no path leads out, or through a link. */
  private hasPlace(path: string, { entry }: Found): boolean {
    if (path === "") return this.entries.size === 0 && entry.type === "d";
    const at = path.lastIndexOf("/");
    const name = path.slice(at + 1);
    if (name === "" || name === "." || name === "..") return false;
    return at !== 0 && this.entries.get(path.slice(0, Math.max(0, at)))?.type === "d";
  }

  /** Owners are those of the root's range: of a machine's users, or of the host's own below 65536. */
  private compare(path: string, { uid, gid }: Found): void {
    const first = uid - (uid % ids);
    this.range ??= [first, first + ids - 1];
    const [low, high] = this.range;
    if ([uid, gid].every((id) => id >= low && id <= high)) return;
    const advice = "remove it, or change its owner (chown in the machine, or on the host)";
    const why = `belongs to ${uid}:${gid}, outside of ${low} to ${high}, which are the users of the tree; ${advice}`;
    this.obstacle ??= { path, why };
  }

  /** The names of one file point to the first of them. */
  private lead(paths: string[]): void {
    const leader = paths.reduce((first, path) => (path < first ? path : first));
    for (const path of paths) {
      const entry = this.entries.get(path);
      if (entry !== undefined) this.entries.set(path, { ...entry, leader, signature: `${entry.signature}\t${leader}` });
    }
  }
}

function refused(why: string): Error {
  return notOurs(`the list of a machine's tree: ${why}`);
}

/** A path for messages. Its bytes are mostly UTF-8. */
export function shownPath(path: string): string {
  return `"${printableLine(Buffer.from(path, "latin1").toString("utf8"), 200)}"`;
}
