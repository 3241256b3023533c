import { isDevice, type Catalogue, type Entry } from "./catalogue";

/** What makes a copy equal to its source: paths to send, and paths to remove before. */
export interface TreeDifference {
  send: string[];
  drop: string[];
  /** Bytes of what is sent, before compression. */
  bytes: number;
}

/** Times in a file system may lie behind the clock by a tick; a second more costs nothing. */
const slack = 2;

const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf("/")));

/**
 * Compares a tree with its copy. Device nodes are no part of either: none is sent, and one in a copy goes.
 *
 * @param since seconds by the source's clock: what changed later is sent although it looks equal, because attributes
 * that no catalogue has (access lists, capabilities) may be what changed. Infinity: compare only.
 */
export function treeDifference(source: Catalogue, copy: Catalogue, since: number): TreeDifference {
  const chosen = new Set<string>();
  for (const [path, entry] of source.entries) {
    if (isDevice(entry)) continue;
    const equal = copy.entries.get(path)?.signature === entry.signature;
    if (!equal || entry.changed >= since - slack) chosen.add(path);
  }
  const dropped = droppedPaths(source, copy);
  if (chosen.size === 0 && dropped.length === 0) return { send: [], drop: [], bytes: 0 };
  wholeGroups(source, chosen);
  // What is written or removed in a directory changes its time, so it is written again after that.
  for (const path of [...chosen, ...dropped]) if (path !== "") addParents(path, chosen);
  const send = [...chosen].filter((path) => source.entries.has(path)).sort();
  return { send, drop: dropped, bytes: sum(source, send) };
}

/** Paths that the source lacks or has as something else; not what lies below one of them. */
function droppedPaths(source: Catalogue, copy: Catalogue): string[] {
  const gone = (path: string, entry: Entry): boolean =>
    isDevice(entry) || source.entries.get(path)?.type !== entry.type;
  const all = new Set(
    [...copy.entries].filter(([path, entry]) => path !== "" && gone(path, entry)).map(([path]) => path),
  );
  return [...all].filter((path) => !hasParentIn(path, all)).sort();
}

function hasParentIn(path: string, paths: ReadonlySet<string>): boolean {
  for (let parent = parentOf(path); parent !== ""; parent = parentOf(parent)) if (paths.has(parent)) return true;
  return false;
}

/** Names of one file stay names of one file only when they are sent together. */
function wholeGroups(source: Catalogue, chosen: Set<string>): void {
  const leaders = new Set(
    [...chosen].map((path) => source.entries.get(path)?.leader).filter((path) => path !== undefined),
  );
  if (leaders.size === 0) return;
  for (const [path, entry] of source.entries) {
    if (entry.leader !== undefined && leaders.has(entry.leader) && !isDevice(entry)) chosen.add(path);
  }
}

function addParents(path: string, chosen: Set<string>): void {
  // What is chosen has its own turn.
  for (let parent = parentOf(path); !chosen.has(parent); parent = parentOf(parent)) chosen.add(parent);
}

/** A file of several names is sent once. */
function sum(source: Catalogue, paths: string[]): number {
  return paths.reduce((total, path) => {
    const entry = source.entries.get(path);
    return total + (entry === undefined || (entry.leader !== undefined && entry.leader !== path) ? 0 : entry.bytes);
  }, 0);
}
