import { availableParallelism } from "node:os";
import type { Reporter } from "./reporter";

/**
 * How far work of several stages is. Each stage has the seconds that it took where it was learnt (two cores); the
 * estimate starts from these and goes over to the speed seen here as the work goes on.
 */
export class Meter {
  private readonly begin = Date.now();
  private finished = 0;
  private current = { what: "", seconds: 0, fraction: 0 };
  private skipped = 0;
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly total: number,
    private readonly reporter: Reporter,
  ) {
    this.timer = setInterval(() => this.tell(), 1000);
    this.timer.unref();
  }

  /** Begins a stage; `known` is the fraction that is done already, by an earlier run. */
  stage(what: string, seconds: number, known = 0): void {
    this.finished += this.current.seconds;
    this.skipped += seconds * known;
    this.current = { what, seconds, fraction: known };
    this.tell();
  }

  at(fraction: number, what = this.current.what): void {
    this.current.fraction = Math.min(1, Math.max(this.current.fraction, fraction));
    this.current.what = what;
  }

  stop(): void {
    clearInterval(this.timer);
    this.reporter.done();
  }

  private tell(): void {
    const done = this.finished + this.current.seconds * this.current.fraction;
    const here = done - this.skipped;
    const elapsed = (Date.now() - this.begin) / 1000;
    const trust = Math.min(1, here / (this.total * 0.3));
    const learntPace = 2 / Math.min(8, availableParallelism());
    const pace = here > 0 ? (1 - trust) * learntPace + trust * (elapsed / here) : learntPace;
    const fraction = Math.min(1, done / this.total);
    this.reporter.step({ what: this.current.what, fraction, secondsLeft: (this.total - done) * pace });
  }
}
