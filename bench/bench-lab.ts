import { rmSync } from "node:fs";
import { join } from "node:path";
import { labDir, labRun } from "../lab";

interface Ran {
  stdout: string;
  seconds: number;
}

/** The lab in which everything is measured; a command that fails ends the bench with all that it said. */
export class BenchLab {
  constructor(readonly name: string) {}

  async run(
    place: string,
    argv: string[],
    options: { cwd?: string; env?: Record<string, string>; input?: string } = {},
  ): Promise<Ran> {
    const begun = performance.now();
    const env = { ...process.env, ...options.env };
    const { code, stdout, stderr } = await labRun(place, argv, { ...options, env, name: this.name });
    const seconds = (performance.now() - begun) / 1000;
    if (code === 0) return { stdout, seconds };
    throw new Error(`${argv.join(" ")} at ${place} ended with exit code ${code}:\n${stdout}${stderr}`);
  }

  /** Waits until every address answers the client; all are asked at once. */
  async answering(addresses: readonly string[]): Promise<void> {
    const ask = 'until ping -n -q -c 1 -W 1 "$address" >/dev/null 2>&1; do sleep 0.05; done';
    const script = `for address; do (${ask}) & done; wait`;
    await this.run("client", ["timeout", "60", "sh", "-c", script, "sh", ...addresses]);
  }

  /** A file that is not there yet, for one process to write its trace to. */
  traceFile(name: string): string {
    const file = join(labDir(this.name), `trace-${name}.jsonl`);
    rmSync(file, { force: true });
    return file;
  }

  /** Nothing that one side left to be written is paid for by the next. */
  async settle(host = "host-1"): Promise<void> {
    await this.run(host, ["sync"]);
  }
}
