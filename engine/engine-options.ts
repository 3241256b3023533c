import type { Reporter } from "./reporter";
import type { Source } from "./source";

/** All have defaults; a plain `ensureEngine()` does what `npm run engine` does. */
export interface EngineOptions {
  /** The project whose npm packages decide which plugin version is wanted. Default: the current directory. */
  root?: string;
  /** Environment to look in and to hand to programs. Default: `process.env`. */
  env?: NodeJS.ProcessEnv;
  /** Which ways may be used, always in the order path, download, build. Default: all three. */
  ways?: readonly Source[];
  /**
   * A PULUMI_HOME of the caller's: the hcloud plugin is made an installed one there and `env` names it. Default: the
   * plugin is on the PATH of `env`, for any PULUMI_HOME, and `pulumi` warns that it takes it from there.
   */
  pulumiHome?: string;
  /** Take only what is there already, on the PATH or in the cache; get nothing. Default false. */
  lookOnly?: boolean;
  /** Where the downloads are. Default: the publisher's sites. For tests and mirrors. */
  sites?: Partial<Record<"cli" | "plugins", string>>;
  /** Seconds until a site that does not answer, or stops sending, is given up. Default 15. */
  giveUpSeconds?: number;
  /** Told what happens. Default: a bar on stderr, or plain lines where that is no terminal. */
  reporter?: Reporter;
  /** Ends the work: child processes are stopped, finished parts are kept. */
  signal?: AbortSignal;
}
