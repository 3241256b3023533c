import type { PartName } from "./part";

/** A published archive (tar, gzip) and the parts in it. */
export interface Archive {
  title: string;
  parts: readonly PartName[];
  site: string;
  url: string;
  /** What its main program prints as version, and how to ask. */
  version: string;
  ask: readonly string[];
}
