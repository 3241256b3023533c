import { execFile } from "node:child_process";
import { CliError } from "../cli-error";

interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs the engine's command without questions. Its output may hold secrets: it is never shown. */
export function pulumi(args: string[]): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const options = { maxBuffer: 1 << 30, env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "1" } };
    execFile("pulumi", [...args, "--non-interactive"], options, (error, stdout, stderr) => {
      if (error === null) resolve({ code: 0, stdout, stderr });
      else if (typeof error.code === "number") resolve({ code: error.code, stdout, stderr });
      else reject(missing(error));
    });
  });
}

function missing(error: Error & { code?: unknown }): Error {
  if (error.code !== "ENOENT") return error;
  return new CliError(
    "there is no `pulumi` on the PATH, which reads the stack; install it (https://www.pulumi.com/docs/install/), or look into a lab: --lab NAME",
    3,
  );
}
