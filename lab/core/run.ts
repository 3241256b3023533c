import { spawn } from "node:child_process";
import { LabError } from "./lab-error";

export interface RunOptions {
  input?: string;
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** The program is killed when this process ends, however it ends: nobody would wait for its work, and the next start would meet it. */
  dieWithParent?: boolean;
  /** Called with each chunk of the program's output, for progress. */
  onOutput?: (text: string) => void;
}

/** Runs a program to its end and returns its standard output; an exit code other than 0 is a LabError with the end of its output. */
export function run(argv: readonly string[], options: RunOptions = {}): Promise<string> {
  const [program = "", ...args] = options.dieWithParent ? ["setpriv", "--pdeathsig", "KILL", ...argv] : argv;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: ["pipe", "pipe", "pipe"],
    });
    let stdout = "";
    let all = "";
    const collect = (toStdout: boolean) => (text: string) => {
      if (toStdout) stdout += text;
      all = (all + text).slice(-4000);
      options.onOutput?.(text);
    };
    child.stdout.setEncoding("utf8").on("data", collect(true));
    child.stderr.setEncoding("utf8").on("data", collect(false));
    child.stdin.on("error", () => undefined);
    child.stdin.end(options.input ?? "");
    child.on("error", (error) => reject(new LabError(`cannot run ${program}: ${error.message}`)));
    child.on("close", (code, signal) => {
      if (code === 0) return resolve(stdout);
      const tail = all.trim().split("\n").slice(-12).join("\n");
      reject(
        new LabError(
          `${argv.slice(0, 4).join(" ")} ended with ${signal ?? `exit code ${code}`}${tail ? `:\n${tail}` : ""}`,
        ),
      );
    });
  });
}
