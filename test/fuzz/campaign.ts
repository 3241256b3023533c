import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Seconds of this process's own time, after which one input counts as endless. */
const endless = 5;

/** What came of many inputs. */
export class Campaign {
  static readonly runs = Number(process.env.NSPAWN_RUNS ?? 2000);
  static readonly seed = Number(process.env.NSPAWN_SEED ?? 20261129);
  /** Of a failure, as fast-check tells it. */
  static readonly path = process.env.NSPAWN_PATH;

  count = 0;
  crashes = 0;
  hangs = 0;
  /** The most memory that was held above that of the first hundred, in megabytes, after all garbage was collected. */
  megabytes = 0;
  private before = Infinity;
  /** What the newest inputs left behind. */
  private readonly kept: unknown[] = [];

  constructor(private readonly what: string) {}

  /** One input; what comes of it is held while the next hundred come. */
  try<T>(run: () => T): T {
    const began = process.cpuUsage();
    try {
      const outcome = run();
      this.kept[this.count % 100] = outcome;
      return outcome;
    } catch (error) {
      this.crashes += 1;
      throw error;
    } finally {
      this.note(began);
    }
  }

  async tryLater<T>(run: () => Promise<T>): Promise<T> {
    const began = process.cpuUsage();
    try {
      const outcome = await run();
      this.kept[this.count % 100] = outcome;
      return outcome;
    } catch (error) {
      this.crashes += 1;
      throw error;
    } finally {
      this.note(began);
    }
  }

  tell(): void {
    this.look();
    const { count, what, crashes, hangs } = this;
    process.stderr.write(
      `${count} ${what}, ${crashes} crashes, ${hangs} hangs, at most ${this.megabytes.toFixed(1)} MB (seed ${Campaign.seed})\n`,
    );
  }

  private note(began: NodeJS.CpuUsage): void {
    const { user } = process.cpuUsage(began);
    if (user > endless * 1e6) this.hangs += 1;
    this.count += 1;
    if (this.count === 100) this.before = held();
    if (this.count % 500 === 0) this.look();
  }

  private look(): void {
    this.megabytes = Math.max(this.megabytes, (held() - this.before) / 1e6);
  }
}

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

function held(): number {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
