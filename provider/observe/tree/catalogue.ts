/** One path of a tree, without its contents. */
export interface Entry {
  /** What has to be equal on both sides. */
  signature: string;
  /** `f`, `d`, `l`, `p`, `b`, `c` as find(1) says it. */
  type: string;
  /** Bytes that a copy has to carry. */
  bytes: number;
  /** Seconds: the newest change of content or attributes, by the clock of its host. */
  changed: number;
  /** The first path of the same file, when it has several. */
  leader?: string;
}

/** A path that cannot be sent to another host. */
export interface Obstacle {
  path: string;
  /** What is wrong with it, and what helps. */
  why: string;
}

export interface Catalogue {
  /** Seconds, the host's own clock when it began to look. */
  clock: number;
  /** By path; the root is `""`. Texts are bytes, one per character: names need not be UTF-8. */
  entries: Map<string, Entry>;
  /** The first of them. */
  obstacle?: Obstacle;
}

/** Device nodes: they are never sent, and a copy has none. */
export function isDevice({ type }: Entry): boolean {
  return type === "b" || type === "c";
}
