import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { BenchLab } from "./bench-lab";

const source = join(__dirname, "..", "..", "bench", "host", "machines.sh");
const place = "/root/bench-machines.sh";

/** The raw work on the host (bench/host/machines.sh), started there itself: no connection is in its time. */
export class RawWork {
  constructor(private readonly lab: BenchLab) {}

  /** Puts the script on the host and keeps the files of the machines that the library has there now. */
  async learn(): Promise<void> {
    await this.lab.run("host-1", ["sh", "-c", 'cat >"$0"', place], { input: readFileSync(source, "utf8") });
    await this.lab.run("host-1", ["sh", place, "learn"]);
  }

  async up(names: readonly string[]): Promise<void> {
    await this.lab.run("host-1", ["sh", place, "up", ...names]);
  }

  async down(names: readonly string[]): Promise<void> {
    await this.lab.run("host-1", ["sh", place, "down", ...names]);
  }
}
