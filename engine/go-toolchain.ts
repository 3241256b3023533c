import { run } from "./run";

/** What the build needs to know of Go: its version and its two caches (directories). */
export interface GoToolchain {
  version: string;
  buildCache: string;
  moduleCache: string;
  env: NodeJS.ProcessEnv;
}

/** Settings that would lead a build elsewhere; proxy, checksum database, toolchain and caches stay the user's. */
export function goEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...env, GOWORK: "off", GO111MODULE: "on", CGO_ENABLED: "0" };
}

/** Asks `go` about itself, in a directory with a go.mod so that a newer toolchain is fetched when that asks for one. */
export async function goToolchain(
  directory: string,
  environment: NodeJS.ProcessEnv,
): Promise<GoToolchain | { why: string }> {
  const env = goEnvironment(environment);
  const args = ["env", "-json", "GOVERSION", "GOCACHE", "GOMODCACHE"];
  const { code, stdout, stderr } = await run({ program: "go", args, cwd: directory, env, seconds: 300 });
  if (code === -1 && /ENOENT/.test(stderr)) return { why: "there is no `go` on the PATH" };
  if (code !== 0) return { why: `go env: ${stderr.trim() || `exit code ${code}`}` };
  const said = JSON.parse(stdout) as { GOVERSION: string; GOCACHE: string; GOMODCACHE: string };
  return { version: said.GOVERSION, buildCache: said.GOCACHE, moduleCache: said.GOMODCACHE, env };
}
