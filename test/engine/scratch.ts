import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A temporary directory with what these tests need in it. */
export class Scratch {
  readonly directory = mkdtempSync(join(tmpdir(), "engine-test-"));

  /** A shell program that prints `said` whatever it is asked. */
  program(directory: string, name: string, said: string): void {
    mkdirSync(join(this.directory, directory), { recursive: true });
    const file = join(this.directory, directory, name);
    writeFileSync(file, `#!/bin/sh\necho ${said}\n`);
    chmodSync(file, 0o755);
  }

  path(...parts: string[]): string {
    return join(this.directory, ...parts);
  }

  /** An environment in which nothing of the real machine is found but the shell. */
  env(path = ""): NodeJS.ProcessEnv {
    return { HOME: this.directory, PATH: path, PULUMI_NSPAWN_CACHE: this.path("cache") };
  }

  remove(): void {
    // Go makes its module cache read-only.
    rmSync(this.directory, { recursive: true, force: true });
  }
}
