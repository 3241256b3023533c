import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { goEnvironment } from "../../engine/go-toolchain";

const SOURCE = join(__dirname, "hcloud-go");
const FILES = ["go.mod", "main.go"];

/** The program of hcloud-go/, built once in the cache for each content of it; or the reason why it cannot be built. */
export function goClient(): { program: string } | { missing: string } {
  const cache =
    process.env["PULUMI_NSPAWN_CACHE"] ??
    join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "pulumi-nspawn");
  const hash = createHash("sha256");
  for (const name of FILES) hash.update(readFileSync(join(SOURCE, name)));
  const place = join(cache, "go", `hcloud-${hash.digest("hex").slice(0, 16)}`);
  const program = join(place, "client");
  if (existsSync(program)) return { program };
  mkdirSync(join(cache, "go"), { recursive: true });
  const fresh = mkdtempSync(`${place}-`);
  const env = {
    ...goEnvironment(process.env),
    GOMODCACHE: join(cache, "go", "modules"),
    GOFLAGS: "-mod=mod -modcacherw -buildvcs=false -trimpath",
  };
  try {
    for (const name of FILES) copyFileSync(join(SOURCE, name), join(fresh, name));
    // Go's files of the build are the user's: the standard library is compiled there already.
    execFileSync("go", ["build", "-o", "client", "."], { cwd: fresh, env, stdio: "pipe", timeout: 600_000 });
    renameSync(fresh, place);
    return { program };
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    return { missing: reason(error) };
  }
}

/** Go's last line says what is wrong; the lines before it are downloads. */
function reason(error: unknown): string {
  const { stderr, message } = error as Error & { stderr?: Buffer };
  return stderr?.toString().trim().split("\n").at(-1) || message;
}
