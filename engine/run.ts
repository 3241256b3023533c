import { spawn } from "node:child_process";

/** What to run and how: `line` gets each line of stderr as it comes; `seconds` ends the program when it takes longer. */
export interface Run {
  program: string;
  args: readonly string[];
  cwd?: string;
  env: NodeJS.ProcessEnv;
  seconds?: number;
  line?: (text: string) => void;
  signal?: AbortSignal;
}

export interface RunResult {
  /** 0 is success; -1 when it did not start or was ended. */
  code: number;
  stdout: string;
  /** The last lines of stderr. */
  stderr: string;
}

const keptLines = 200;

/** Runs a program to its end. Never throws for a program that fails; an abort is an error. */
export function run(order: Run): Promise<RunResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(order.program, order.args, {
      cwd: order.cwd,
      env: order.env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let rest = "";
    const lines: string[] = [];
    const stop = () => child.kill("SIGTERM");
    const timer = order.seconds === undefined ? undefined : setTimeout(stop, order.seconds * 1000);
    order.signal?.addEventListener("abort", stop, { once: true });
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      const parts = (rest + text).split("\n");
      rest = parts.pop() ?? "";
      for (const line of parts) keep(line);
    });
    const keep = (line: string) => {
      lines.push(line);
      if (lines.length > keptLines) lines.shift();
      order.line?.(line);
    };
    const end = (code: number, message?: string) => {
      clearTimeout(timer);
      order.signal?.removeEventListener("abort", stop);
      if (order.signal?.aborted) return reject(new Error(`${order.program} was stopped`));
      if (rest !== "") keep(rest);
      resolve({ code, stdout, stderr: message ?? lines.join("\n") });
    };
    child.on("error", (error) => end(-1, error.message));
    child.on("close", (code) => end(code ?? -1));
    if (order.signal?.aborted) stop();
  });
}
