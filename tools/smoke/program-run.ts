import { spawn, type StdioOptions } from "node:child_process";
import type { Interruption } from "./interruption";

interface RunOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  input?: string;
  /** Shows its output instead of collecting it. */
  show?: boolean;
  /** Seconds after which it is ended. */
  limit?: number;
}

interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a program to its end, in a process group of its own (see Interruption). */
export function runProgram(argv: string[], interruption: Interruption, options: RunOptions = {}): Promise<Ran> {
  const { cwd, env, input, show = false, limit } = options;
  const [command = "", ...args] = argv;
  const stdio: StdioOptions = show ? ["ignore", "inherit", "inherit"] : ["pipe", "pipe", "pipe"];
  return new Promise((resolve, reject) => {
    interruption.check();
    const timeout = limit === undefined ? undefined : limit * 1000;
    const child = spawn(command, args, { cwd, env, stdio, detached: true, timeout });
    interruption.watch(child);
    let [stdout, stderr] = ["", ""];
    child.stdout?.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr?.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? -1, stdout, stderr }));
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(input ?? "");
  });
}
