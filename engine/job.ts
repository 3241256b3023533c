import type { Found } from "./found";
import type { PartName } from "./part";
import type { Refusal } from "./engine-unavailable";
import type { Reporter } from "./reporter";
import type { Source } from "./source";

/** One call of `ensureEngine`: what is wanted, and what has been found and refused so far. */
export interface Job {
  root: string;
  env: NodeJS.ProcessEnv;
  cache: string;
  ways: readonly Source[];
  sites: Record<"cli" | "plugins", string>;
  giveUpSeconds: number;
  /** Version of the hcloud plugin that the project's npm package asks for. */
  hcloud: string;
  reporter: Reporter;
  signal?: AbortSignal;
  found: Map<PartName, Found>;
  refusals: Refusal[];
}
