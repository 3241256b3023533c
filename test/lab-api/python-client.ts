import { execFile, execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** The client under test: Hetzner's own, from PyPI. */
const PACKAGE = "hcloud==2.27.0";

/** Python with the client, made once in the cache; or the reason why there is none. */
export function pythonClient(): { python: string } | { missing: string } {
  const cache =
    process.env["PULUMI_NSPAWN_CACHE"] ??
    join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "pulumi-nspawn");
  const venv = join(cache, "python", PACKAGE.replace("==", "-"));
  const python = join(venv, "bin/python");
  if (existsSync(join(venv, "complete"))) return { python };
  mkdirSync(join(cache, "python"), { recursive: true });
  const fresh = mkdtempSync(`${venv}-`);
  const run = (command: string, argv: string[]): void => {
    execFileSync(command, argv, { stdio: "pipe", timeout: 120_000 });
  };
  try {
    // A venv cannot be moved, so the lock is the folder's name and the last step is a marker.
    run("python3", ["-m", "venv", "--clear", venv]);
    run(python, ["-m", "pip", "install", "--quiet", "--timeout", "20", "--retries", "1", PACKAGE]);
    renameSync(fresh, join(venv, "complete"));
    return { python };
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    return { missing: error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error) };
  }
}

/** Runs a script; its output, or an error with what it complained of. */
export function runPython(python: string, script: string, env: Record<string, string>): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(python, [script], { env: { ...process.env, ...env }, timeout: 60_000 }, (error, stdout, stderr) => {
      if (error) reject(new Error(`${error.message}\n${stderr}`));
      else resolve(stdout);
    });
  });
}
