import type { Managed } from "./managed";

/** When edits are made, so that none hides another: files, what the next boot does, what the kernel has, and links. */
export const rounds = ["disk", "boot", "live", "links"] as const;
export type Round = (typeof rounds)[number];

/** What somebody changes by hand of a kind of managed things. */
export interface Row {
  round: Round;
  /** Which: the layer and name, and the item. */
  what: string;
  item: RegExp;
  /** Only of these resources. */
  of?: RegExp;
  /** The change, as root on the host. */
  change: (managed: Managed) => string;
  /** What of a line the preview shows for it. */
  line: (managed: Managed) => string;
}

/** What nobody can change by hand in a test that logs in by it, and why. */
export interface Untouched {
  what: string;
  item: RegExp;
  of?: RegExp;
  why: string;
}

/** What is there beside what is managed, and breaks a promise: of each bridge, or of one. */
export interface Beside {
  round: Round;
  /** Bridges, by name. */
  bridge: RegExp;
  change: (bridge: string) => string;
  line: (bridge: string) => string;
}

export const isOf = ({ what, item, of }: Pick<Row, "what" | "item" | "of">, managed: Managed): boolean =>
  managed.what === what && item.test(managed.item) && (of === undefined || of.test(managed.resource));
