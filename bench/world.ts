import { BenchLab } from "./bench-lab";
import { BenchStack } from "./bench-stack";
import { RawWork } from "./raw-work";
import { Samples } from "./samples";
import { shapes } from "./shape";
import type { Step } from "./step";

/** Everything that is measured: one prepared host, the two stacks, the raw work, and what came out so far. */
export class World {
  readonly samples = new Samples();
  readonly lab: BenchLab;
  readonly ours: BenchStack;
  readonly raw: RawWork;
  private floorStack: BenchStack | undefined;
  private addresses: Record<string, string> = {};

  constructor(lab: string) {
    this.lab = new BenchLab(lab);
    this.ours = new BenchStack(this.lab, "ours");
    this.raw = new RawWork(this.lab);
  }

  /** Known when the host is prepared. */
  get floor(): BenchStack {
    if (this.floorStack === undefined) throw new Error("the shape of the stack is not known yet");
    return this.floorStack;
  }

  names(machines: number): string[] {
    return Object.keys(this.addresses).slice(0, machines);
  }

  async answering(machines: number): Promise<void> {
    await this.lab.answering(Object.values(this.addresses).slice(0, machines));
  }

  /** The host with its image built, and what the other two sides need to do the same. */
  prepare(machines: number): Step[] {
    return [
      { what: "making the host", seconds: 60, run: () => this.makeHost() },
      { what: "building the image", seconds: 120, run: () => this.buildImage(machines) },
      { what: "preparing the engine floor", seconds: 8, run: () => this.makeFloor(machines) },
    ];
  }

  private async makeHost(): Promise<void> {
    await this.ours.init();
    await this.ours.up(0);
  }

  private async buildImage(machines: number): Promise<void> {
    await this.ours.up(machines);
    this.addresses = await this.ours.output<Record<string, string>>("addresses");
    await this.answering(machines);
    await this.raw.learn();
  }

  private async makeFloor(machines: number): Promise<void> {
    const full = await this.ours.export();
    await this.ours.up(0);
    const shape = shapes(await this.ours.export(), full, machines);
    this.floorStack = new BenchStack(this.lab, "floor", { NSPAWN_BENCH_SHAPE: JSON.stringify(shape) });
    await this.floor.init();
    await this.floor.up(0);
  }
}
