import type { PartName } from "./part";

/** How one part is built from Go modules. */
export interface Recipe {
  part: PartName;
  /** What a person calls it. */
  title: string;
  /** Files of the main module by relative path: go.mod, and sources if it has any. */
  files: Record<string, string>;
  /** The package to build. */
  pkg: string;
  /** Value of `-X` for the linker: importpath.name=value. */
  stamp: string;
  /** Learnt on two cores with cold caches: seconds until the modules are here, and until the program is built. */
  seconds: { modules: number; compile: number };
  /** Learnt sizes in MiB that a cold build adds to Go's module cache and build cache. */
  mebibytes: { modules: number; compile: number };
}
