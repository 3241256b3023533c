import { MemoryHost } from "./memory-host";
import { MemoryKernel } from "./memory-kernel";
import { step } from "./memory-steps";
import { Failure, frame, type Pause, type Sent, type Unit, type Work } from "./memory-unit";

/** A host in memory with its PID 1: it carries out the steps of real programs, one boundary at a time, and can lose its power at each. */
export class RunningHost extends MemoryHost {
  private ids = 0;
  onCrash: () => void = () => undefined;

  start(sent: Sent, tell: (text: string) => void, closed: () => void): void {
    const unit = this.unit(sent, tell, closed);
    unit.work = this.program(unit);
    this.units.push(unit);
  }

  private unit(sent: Sent, tell: (text: string) => void, closed: () => void): Unit {
    this.ids += 1;
    const idle = (function* (): Work {})();
    return { id: this.ids, sent, tell, closed, work: idle, holdsHost: false, adopt: false, changed: false };
  }

  private *program(unit: Unit): Work {
    try {
      for (const line of unit.sent.steps.split("\n").filter(Boolean)) {
        const [verb = "", ...fields] = line.split("\t");
        yield;
        yield* step(this, unit, verb, fields);
      }
      unit.tell("end\n");
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      unit.tell(frame("error", error.code, error.message));
      if (unit.keep !== undefined) yield* this.takeBack(unit, unit.keep);
    }
  }

  private *takeBack(unit: Unit, key: string): Work {
    const free = (): boolean => this.units.every((other) => other === unit || !other.holdsHost);
    if (!unit.holdsHost && !free()) yield { until: free, within: 400 };
    unit.holdsHost = true;
    try {
      if (this.disk.transactions.get(key)?.token === unit.sent.call.token) yield* this.undo(key);
      unit.tell("rolled-back\n");
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      unit.tell(frame("error", error.code, error.message));
    }
    this.tellFacts(unit, key);
  }

  /** What can go on now, in order of age. */
  runnable(): Unit[] {
    return this.units.filter(({ waiting }) => waiting === undefined || waiting.until() || waiting.deadline <= this.now);
  }

  /** One boundary further. */
  advance(unit: Unit): void {
    const answer = unit.waiting === undefined || unit.waiting.until();
    unit.waiting = undefined;
    const { done, value } = unit.work.next(answer);
    if (done) this.end(unit);
    else this.pause(unit, value);
  }

  private pause(unit: Unit, pause: Pause): void {
    if (pause !== undefined) unit.waiting = { until: pause.until, deadline: this.now + pause.within };
  }

  private end(unit: Unit): void {
    this.units = this.units.filter((other) => other !== unit);
    unit.closed();
  }

  /** A unit is killed; its `ExecStopPost` puts back what it left open. */
  kill(unit: Unit): void {
    this.units = this.units.filter((other) => other !== unit);
    const open = [...this.disk.transactions.values()].find((transaction) => transaction.unit === unit.id);
    if (open === undefined) return unit.closed();
    const post = this.unit(unit.sent, unit.tell, unit.closed);
    post.keep = open.key;
    post.cleans = true;
    post.work = this.takeBack(post, open.key);
    this.units.push(post);
  }

  /** The power goes; what runs at boot is a unit like others, before the network. */
  crash(): void {
    this.units = [];
    this.newest.clear();
    this.up = false;
    this.kernel = new MemoryKernel();
    this.onCrash();
    const boot = this.unit(
      { steps: "", texts: {}, call: { issued: 0, token: "", window: 0, patience: 0 } },
      noOne,
      noOne,
    );
    boot.work = this.boot();
    this.units.push(boot);
  }

  private *boot(): Work {
    if (this.disk.guard) for (const key of [...this.disk.transactions.keys()]) yield* this.undoFiles(key);
    yield;
    this.kernel.boot(this.disk);
    this.up = true;
  }
}

const noOne = (): void => undefined;
