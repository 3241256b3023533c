/** One path of a tree, without its contents. */
export interface Entry {
  /** What has to be equal on both sides. */
  signature: string;
  /** `f`, `d`, `l`, … as find(1) says it. */
  type: string;
  /** Bytes that a copy has to carry. */
  bytes: number;
  /** Seconds: the newest change of content or attributes, by the clock of its host. */
  changed: number;
  /** The first path of the same file, when it has several. */
  leader?: string;
}

export interface Catalogue {
  /** Seconds, the host's own clock when it began to look. */
  clock: number;
  /** By path; the root is `""`. Texts are bytes, one per character: names need not be UTF-8. */
  entries: Map<string, Entry>;
}

/** What find(1) says of one path. */
interface Found {
  path: string;
  target: string;
  type: string;
  owner: string[];
  size: number;
  blocks: number;
  modified: string;
  changed: number;
  links: number;
  inode: string;
}

function foundIn([fields = "", path = "", target = ""]: string[]): Found {
  const [type = "", mode = "", uid = "", gid = "", size, blocks, modified = "", changed, links, inode = ""] =
    fields.split("\t");
  const [bytes, used, names] = [Number(size), Number(blocks), Number(links)];
  const owner = [mode, uid, gid];
  return {
    path,
    target,
    type,
    owner,
    size: bytes,
    blocks: used,
    modified,
    changed: Number(changed),
    links: names,
    inode,
  };
}

/** Parses what the step `catalogue` found: the clock, then three texts for each path, all ended by NUL. */
export function parseCatalogue(raw: Buffer): Catalogue {
  const [clock = "0", ...texts] = raw.toString("latin1").split("\0");
  const found: Found[] = [];
  for (let index = 0; index + 2 < texts.length; index += 3) found.push(foundIn(texts.slice(index, index + 3)));
  found.sort((a, b) => (a.path < b.path ? -1 : 1));
  const leaders = new Map<string, string>();
  for (const { path, type, links, inode } of found) {
    if (type !== "d" && links > 1 && !leaders.has(inode)) leaders.set(inode, path);
  }
  return { clock: Number(clock), entries: new Map(found.map((one) => [one.path, entry(one, leaders)])) };
}

function entry(found: Found, leaders: ReadonlyMap<string, string>): Entry {
  const { type, owner, size, blocks, modified, changed, target, inode } = found;
  const leader = type === "d" ? undefined : leaders.get(inode);
  const isFile = type === "f";
  return {
    signature: [type, ...owner, isFile ? size : "-", modified, leader ?? "", target].join("\t"),
    type,
    bytes: isFile ? Math.min(size, blocks * 512) : 0,
    changed,
    leader,
  };
}
