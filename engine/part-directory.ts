import { createHash } from "node:crypto";
import { homedir } from "node:os";
import { join } from "node:path";

/**
 * The engine's cache, outside any checkout: `$PULUMI_NSPAWN_CACHE`, else `$XDG_CACHE_HOME/pulumi-nspawn`, else
 * `~/.cache/pulumi-nspawn`, and there `engine/`.
 */
export function engineCache(env: NodeJS.ProcessEnv): string {
  const own = env["PULUMI_NSPAWN_CACHE"];
  if (own) return join(own, "engine");
  return join(env["XDG_CACHE_HOME"] || join(env["HOME"] || homedir(), ".cache"), "pulumi-nspawn", "engine");
}

/** A part's directory: its name, and a digest of all that decides its content (versions, sources, platform). */
export function partDirectory(cache: string, name: string, content: unknown): string {
  const digest = createHash("sha256")
    .update(JSON.stringify([process.platform, process.arch, content]))
    .digest("hex");
  return join(cache, `${name}-${digest.slice(0, 12)}`);
}
