/**
 * What is fetched or built where the PATH has nothing that fits. One place, so that a new version is one change;
 * docs/engine.md says how to try one.
 */
export const versions = {
  /** The CLI and, in its published archive, the language host. */
  pulumi: "3.258.0",
  /** The oldest CLI that is taken from the PATH: dynamic providers return inputs from `read` since then. */
  pulumiAtLeast: "3.216.0",
  /** The Go module that still contains the Node.js language host; its own module is not on the proxy. */
  languageHostModule: "3.68.0",
  /** The plugin that hcloud-plugin/go.mod builds; used where the npm package `@pulumi/hcloud` is not installed. */
  hcloud: "1.41.0",
} as const;
