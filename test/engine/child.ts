import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";

const register = join(__dirname, "ts-register.cjs");

/** A Node process that runs one of our TypeScript files, and what it said. */
export class Child {
  stdout = "";
  stderr = "";
  readonly ended: Promise<number | null>;
  private readonly child: ChildProcess;

  constructor(file: string, args: string[], env: NodeJS.ProcessEnv) {
    this.child = spawn(process.execPath, ["-r", register, file, ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
    this.child.stdout?.setEncoding("utf8").on("data", (text: string) => (this.stdout += text));
    this.child.stderr?.setEncoding("utf8").on("data", (text: string) => (this.stderr += text));
    this.ended = new Promise((resolve) => this.child.on("close", resolve));
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }
}
