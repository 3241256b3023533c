import { join } from "node:path";
import type { BenchLab } from "./bench-lab";
import type { Deployment } from "./deployment";

const programs = join(__dirname, "..", "..", "bench", "programs");

/** A stack of one of bench/programs, in the operator's namespace of the lab. */
export class BenchStack {
  constructor(
    private readonly lab: BenchLab,
    readonly name: "ours" | "floor" | "copies",
    private readonly env: Record<string, string> = {},
  ) {}

  async init(): Promise<void> {
    await this.pulumi(["stack", "init", this.name], {});
  }

  /** Seconds of `pulumi up` with so many machines declared. */
  async up(machines: number, env: Record<string, string> = {}): Promise<number> {
    return (await this.pulumi(["up", "--yes", "--skip-preview"], this.declared(machines, env))).seconds;
  }

  /** Seconds of a preview; fails if it would change anything. */
  async preview(machines: number, env: Record<string, string> = {}): Promise<number> {
    return (await this.pulumi(["preview", "--expect-no-changes"], this.declared(machines, env))).seconds;
  }

  /** Seconds of a refresh; fails if it finds anything changed. */
  async refresh(machines: number, env: Record<string, string> = {}): Promise<number> {
    const args = ["refresh", "--yes", "--skip-preview", "--expect-no-changes"];
    return (await this.pulumi(args, this.declared(machines, env))).seconds;
  }

  async output<T>(name: string): Promise<T> {
    return JSON.parse((await this.pulumi(["stack", "output", name, "--json"], {})).stdout) as T;
  }

  async export(): Promise<Deployment> {
    return JSON.parse((await this.pulumi(["stack", "export"], {})).stdout) as Deployment;
  }

  private declared(machines: number, env: Record<string, string>): Record<string, string> {
    return { ...this.env, ...env, NSPAWN_BENCH_MACHINES: String(machines) };
  }

  private pulumi(args: string[], env: Record<string, string>): Promise<{ stdout: string; seconds: number }> {
    const stack = args[0] === "stack" && args[1] === "init" ? [] : ["--stack", this.name];
    const argv = ["pulumi", ...args, ...stack, "--non-interactive"];
    return this.lab.run("operator", argv, { cwd: join(programs, this.name === "floor" ? "floor" : "ours"), env });
  }
}
