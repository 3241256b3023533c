/** A fact: text, a sorted list of texts, or texts by name. */
export type Fact = string | string[] | Record<string, string>;

/**
 * What one resource wants of its host; in the same shape, what was found there. The four parts are also
 * properties of the resource, so a preview with refresh prints their differences line by line.
 */
export interface Desired {
  /** Whole files by absolute path. */
  files: Record<string, string>;
  /** Files, or lines of files, that hold a secret. Encrypted in state, never in `files`. */
  secretFiles: Record<string, string>;
  /** What the next boot would do: enabled units, installed packages. */
  boot: Record<string, Fact>;
  /** What the kernel and the service manager do now: routes, proxies, addresses, units. */
  live: Record<string, Fact>;
}
