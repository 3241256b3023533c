import type { ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { labDir } from "../../lab";
import { packageDir } from "../../lab/core/places";
import { labSpawn } from "../../lab/exec";
import type { Answer } from "../support/driver";
import { changedCopy, takingCopy } from "../support/changed-copy";
import { gated, unsetList } from "./gate";
import type { FaultLab } from "./lab";

const compiled = (path: string): string => join(packageDir(), "bin", "provider", path);

/** Calls handlers, one line of JSON each, with a main program that has a gate before each step. One process is one provider process. */
const program = (folder: string): string => `
${takingCopy(folder)}
const handlers = require(${JSON.stringify(compiled("handlers"))});
const { closeSessions } = require(${JSON.stringify(compiled("remote/sessions"))});
const lines = require("node:readline").createInterface({ input: process.stdin });
lines.on("line", async (line) => {
  const { id, window, kind, method, args } = JSON.parse(line);
  delete process.env.NSPAWN_CONFIRM_WITHIN;
  if (window !== undefined) process.env.NSPAWN_CONFIRM_WITHIN = String(window);
  const told = (answer) => process.stdout.write(JSON.stringify({ id, ...answer }) + "\\n");
  try { told({ value: await handlers[kind][method](...args) ?? {} }); }
  catch (error) { told({ error: { message: error.message, code: error.code, id: error.id, properties: error.properties } }); }
});
lines.on("close", closeSessions);`;

/** Seconds that a host waits for its confirmation; undefined is the library's own default. */
export type Window = number | undefined;

/** What the engine calls: a process that dies when it is told to. */
export class Provider {
  private readonly child: ChildProcess;
  private readonly waiting = new Map<number, (answer: Answer) => void>();
  private said = "";
  private calls = 0;

  /** How long hosts wait for their confirmation, from the next call on. */
  window: Window;

  constructor(lab: FaultLab) {
    this.child = labSpawn("operator", [process.execPath, "-e", program(gatedCopy(lab))], {
      name: lab.name,
      stdio: ["pipe", "pipe", "pipe"],
    });
    this.child.stdin?.on("error", () => undefined);
    this.child.stderr?.on("data", (data: Buffer) => (this.said = (this.said + data.toString()).slice(-2000)));
    if (this.child.stdout) createInterface({ input: this.child.stdout }).on("line", (line) => this.take(line));
    this.child.on("close", () => this.end());
  }

  /** An answer that never comes, because the process ended, is an error with the code KILLED. */
  call(kind: string, method: string, ...args: unknown[]): Promise<Answer> {
    const id = (this.calls += 1);
    return new Promise((resolve) => {
      this.waiting.set(id, resolve);
      if (this.child.exitCode !== null || this.child.signalCode !== null) this.end();
      else this.child.stdin?.write(`${JSON.stringify({ id, window: this.window, kind, method, args })}\n`);
    });
  }

  /** SIGKILL to the process itself, which is the only child of the one that entered the lab. */
  kill(): void {
    const children = `/proc/${this.child.pid}/task/${this.child.pid}/children`;
    for (const pid of readFileSync(children, "utf8").trim().split(" ")) if (pid) process.kill(Number(pid), "SIGKILL");
  }

  /** Ends its connections, and with them the process. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      if (this.child.exitCode !== null || this.child.signalCode !== null) return resolve();
      this.child.on("close", () => resolve());
      this.child.stdin?.end();
      setTimeout(() => this.killQuietly(), 10_000).unref();
    });
  }

  /** The same, when it may have ended. */
  killQuietly(): void {
    try {
      this.kill();
    } catch {
      // it ended meanwhile
    }
  }

  private take(line: string): void {
    const { id, ...answer } = JSON.parse(line) as Answer & { id: number };
    this.waiting.get(id)?.(answer);
    this.waiting.delete(id);
  }

  private end(): void {
    for (const resolve of this.waiting.values()) {
      resolve({ error: { message: `the provider process ended. ${this.said}`.trim(), code: "KILLED" } });
    }
    this.waiting.clear();
  }
}

const written = new Set<string>();

function gatedCopy(lab: FaultLab): string {
  const folder = join(labDir(lab.name), "gated");
  if (!written.has(lab.name)) changedCopy(folder, { main: gated, unset: unsetList });
  written.add(lab.name);
  return folder;
}
