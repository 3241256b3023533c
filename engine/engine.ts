import type { PartName } from "./part";
import type { Source } from "./source";

/** A Pulumi engine that can run: programs, and what must be set for them. */
export interface Engine {
  /** Path of the CLI. */
  pulumi: string;
  /** The directories to put before the PATH, joined by the platform's delimiter. Empty if the PATH needs none. */
  path: string;
  /**
   * What must be set in the environment of `pulumi`: PATH as a whole, no update check, plugins from the PATH allowed,
   * and PULUMI_HOME where the caller gave one.
   */
  env: Record<string, string>;
  /** Where each part came from, this time or when it was put into the cache. */
  source: Record<PartName, Source>;
  /** Path of each part's program. */
  programs: Record<PartName, string>;
}
