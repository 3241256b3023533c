import { aptCandidate } from "./apt";
import { ensureEngine } from "../engine";
import type { Engine } from "../engine/engine";
import { EngineUnavailable } from "../engine/engine-unavailable";
import { versionAtLeast } from "../engine/version-at-least";
import { installPackages, type PackageOptions } from "./packages";

/** Debian's Go, and the first version that fetches the toolchain which the modules ask for. */
const go = { package: "golang-go", atLeast: "1.21.0" };

/**
 * The engine (docs/engine.md). Where it has to be built and there is no Go, Debian's is installed, if it is new enough;
 * Debian 12's is not.
 *
 * @throws EngineUnavailable
 */
export async function engineWithGo(options: PackageOptions, pulumiHome?: string): Promise<Engine> {
  try {
    return await ensureEngine({ pulumiHome });
  } catch (error) {
    if (!lacksGo(error) || process.getuid?.() !== 0 || !newEnough(aptCandidate(go.package))) throw error;
    await installPackages("the build of the Pulumi engine", [go.package], options);
    return ensureEngine({ pulumiHome });
  }
}

function lacksGo(error: unknown): boolean {
  return error instanceof EngineUnavailable && error.refusals.some(({ why }) => why.startsWith("there is no `go`"));
}

/** `2:1.24~2`: an epoch, the version, Debian's own number. */
export function newEnough(candidate: string | undefined): boolean {
  const version = /^(?:\d+:)?(\d+\.\d+)/.exec(candidate ?? "")?.[1];
  return version !== undefined && versionAtLeast(`${version}.0`, go.atLeast);
}
