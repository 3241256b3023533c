import { spawn, type ChildProcess, type StdioOptions } from "node:child_process";
import { readdirSync } from "node:fs";
import { constants } from "node:os";
import { runningLab } from "./lab-record";
import { asset, defaultLab } from "./core/places";
import { parentOf } from "./core/process-identity";
import { placeEnv } from "./env";
import { serverId } from "./status";

export interface LabExecOptions {
  name?: string;
  stdio?: StdioOptions;
  /** The caller's environment; default process.env. In `operator` the lab's own variables win. */
  env?: NodeJS.ProcessEnv;
  cwd?: string;
}

const places = ["client", "router", "operator"];
// nsenter waits for a child; it must live as long as that child although Ctrl-C reaches both.
const signals = "INT,QUIT,TERM,HUP";
const enterFolder = 'cd "$1" && shift && exec "$@"';

/** Starts a command at a place of the lab: `client`, `router`, `operator`, or a server by name or id. */
export function labSpawn(place: string, argv: readonly string[], options: LabExecOptions = {}): ChildProcess {
  const lab = runningLab(options.name ?? defaultLab);
  const holder = lab.holder.pid;
  const caller = options.env ?? process.env;
  const join = ["env", `--ignore-signal=${signals}`, "nsenter", `--target=${holder}`, "--mount", "--pid"];
  const back = ["env", `--default-signal=${signals}`];
  const inside = places.includes(place)
    ? [
        `--net=/proc/${holder}/root/run/netns/${place}`,
        "--",
        ...back,
        "sh",
        "-c",
        enterFolder,
        "sh",
        options.cwd ?? process.cwd(),
        ...argv,
      ]
    : ["--", ...back, "bash", asset("enter-server.sh"), lab.name, String(serverId(lab.name, place)), ...argv];
  const [program = "", ...args] = [...join, ...inside];
  const env = { ...caller, ...placeEnv(place, lab) };
  return spawn(program, args, { env, cwd: options.cwd, stdio: options.stdio ?? "inherit" });
}

/** Runs a command at a place of the lab to its end; the exit code is the command's own, 128 + n after signal n. */
export function labExec(place: string, argv: readonly string[], options: LabExecOptions = {}): Promise<number> {
  const child = labSpawn(place, argv, options);
  const forward = (signal: NodeJS.Signals) => {
    // At a terminal the kernel gave Ctrl-C to the command already.
    if (signal === "SIGINT" && process.stdin.isTTY) return;
    for (const pid of childrenOf(child.pid)) process.kill(pid, signal);
  };
  const names: NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"];
  for (const name of names) process.on(name, forward);
  return new Promise<number>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  }).finally(() => names.forEach((name) => process.off(name, forward)));
}

/** The same, with its output collected. */
export async function labRun(
  place: string,
  argv: readonly string[],
  options: Omit<LabExecOptions, "stdio"> & { input?: string } = {},
): Promise<{ code: number; stdout: string; stderr: string }> {
  const child = labSpawn(place, argv, { ...options, stdio: ["pipe", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  child.stdin?.on("error", () => undefined);
  child.stdin?.end(options.input ?? "");
  const code = await new Promise<number>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (exit, signal) => resolve(exit ?? 128 + (signal ? constants.signals[signal] : 0)));
  });
  return { code, stdout, stderr };
}

const childrenOf = (pid: number | undefined): number[] =>
  readdirSync("/proc")
    .map(Number)
    .filter((candidate) => candidate > 0 && parentOf(candidate) === pid);
