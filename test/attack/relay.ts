import type { ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { labSpawn } from "../../lab/exec";
import type { FaultHost } from "../faults/host";

export interface Ran {
  code: number;
  out: string;
}

/** Frames in scapy's notation, and which way they go. */
interface Sent {
  expression: string;
  world: object;
  mark: string;
  times?: number;
  every?: number;
  interface?: string;
  tunnel?: { to: string; id: number };
}

/** `host`, or the name of a machine on it. */
type To = string;

const socketOf = (machine: string): string => `/var/lib/machines/${machine}/opt/attack/socket`;

/**
 * Talks to the agents of one host and of its machines. A machine's agent was started by the machine itself, so it has
 * the machine's rights; the way to it is a socket in the machine's tree, which no attack on the network disturbs.
 */
export class Relay {
  private readonly child: ChildProcess;
  private readonly waiting = new Map<number, (answer: { value?: unknown; error?: string }) => void>();
  private calls = 0;
  private said = "";

  constructor(host: FaultHost) {
    const argv = ["python3", "-B", "/opt/attack/agent.py", "relay"];
    this.child = labSpawn(host.name, argv, { name: host.lab.name, stdio: ["pipe", "pipe", "pipe"] });
    this.child.stdin?.on("error", () => undefined);
    this.child.stderr?.on("data", (data: Buffer) => (this.said = (this.said + data.toString()).slice(-2000)));
    if (this.child.stdout) createInterface({ input: this.child.stdout }).on("line", (line) => this.take(line));
    this.child.on("close", () => this.end());
  }

  run(to: To, script: string, env: Record<string, string> = {}, timeout = 60): Promise<Ran> {
    return this.call<Ran>(to, "run", { script, env, timeout });
  }

  /** Output of a script that has to succeed. */
  async must(to: To, script: string): Promise<string> {
    const { code, out } = await this.run(to, script);
    if (code !== 0) throw new Error(`at ${to}, exit code ${code}: ${script}\n${out}`);
    return out;
  }

  async send(to: To, args: Sent): Promise<void> {
    await this.call(to, "send", args);
  }

  /** How many frames with a mark came, by interface and direction: `br0 in`. */
  seen(to: To, mark: string): Promise<Record<string, number>> {
    return this.call(to, "seen", { mark });
  }

  /** Waits until the agent of a machine that has started answers, and the machine has an address of each family. */
  async ready(machine: string, inside: string): Promise<void> {
    const deadline = Date.now() + 60_000;
    const own = `ip -o addr show dev ${inside} scope global`;
    const both = `${own} | grep -q ' inet ' && ${own} | grep ' inet6 ' | grep -qv tentative`;
    for (;;) {
      const said = await this.run(machine, both).then(
        ({ code }) => (code === 0 ? undefined : "it has not both addresses"),
        (error: Error) => error.message,
      );
      if (said === undefined) return;
      if (Date.now() > deadline) throw new Error(`machine ${machine} does not answer: ${said}`);
      await sleep(200);
    }
  }

  close(): void {
    this.child.stdin?.end();
    this.child.kill();
  }

  private call<T>(to: To, op: string, args: object): Promise<T> {
    const id = (this.calls += 1);
    const line = JSON.stringify({ id, to: to === "host" ? to : socketOf(to), op, args });
    return new Promise((resolve, reject) => {
      this.waiting.set(id, ({ value, error }) =>
        error === undefined ? resolve(value as T) : reject(new Error(`${to}: ${error}`)),
      );
      if (this.child.exitCode !== null || this.child.signalCode !== null) this.end();
      else this.child.stdin?.write(`${line}\n`);
    });
  }

  private take(line: string): void {
    const { id, ...answer } = JSON.parse(line) as { id: number; value?: unknown; error?: string };
    this.waiting.get(id)?.(answer);
    this.waiting.delete(id);
  }

  private end(): void {
    for (const settle of this.waiting.values()) settle({ error: `the host's agent ended. ${this.said}` });
    this.waiting.clear();
  }
}
