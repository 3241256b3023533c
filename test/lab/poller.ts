import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A secret that was seen in a command line or an environment of this machine; a lab's hosts are on it too. */
export interface Sighting {
  secret: string;
  place: "cmdline" | "environ";
  pid: number;
  /** The process's command, and the variable: never a value. */
  command: string;
  variable: string;
}

export interface Polled {
  /** Rounds over all processes, and processes that were looked at. */
  rounds: number;
  processes: number;
  sightings: Sighting[];
}

/**
 * Looks at all processes, again and again, in a process of its own.
 *
 * @param secrets what to look for, by name; travels over a pipe and stands in no command line itself
 */
export class Poller {
  private constructor(private readonly child: ChildProcess) {}

  static async start(secrets: Record<string, string>): Promise<Poller> {
    const child = fork(__filename, { execArgv: ["-r", join(__dirname, "..", "tools", "engine", "ts-register.cjs")] });
    child.send(secrets);
    await once(child, "message");
    return new Poller(child);
  }

  async stop(): Promise<Polled> {
    const answer = once(this.child, "message");
    this.child.send("stop");
    const [polled] = (await answer) as [Polled];
    await once(this.child, "exit");
    return polled;
  }
}

const pauseMilliseconds = 2;

class Watch {
  private readonly found = new Map<string, Sighting>();
  private readonly seen = new Set<string>();
  private rounds = 0;

  constructor(private readonly secrets: [string, Buffer][]) {}

  round(): void {
    this.rounds += 1;
    for (const name of readdirSync("/proc")) {
      if (!/^\d+$/.test(name) || name === String(process.pid)) continue;
      this.look(Number(name), "cmdline");
      this.look(Number(name), "environ");
    }
  }

  result(): Polled {
    return { rounds: this.rounds, processes: this.seen.size, sightings: [...this.found.values()] };
  }

  private look(pid: number, place: Sighting["place"]): void {
    const content = read(`/proc/${pid}/${place}`);
    if (content.length === 0) return;
    this.seen.add(`${pid}`);
    for (const [secret, bytes] of this.secrets) {
      const at = content.indexOf(bytes);
      if (at < 0) continue;
      const entry = content.subarray(content.lastIndexOf(0, at) + 1, at).toString("latin1");
      const variable = place === "environ" ? (entry.split("=")[0] ?? "") : "";
      const command = read(`/proc/${pid}/cmdline`).toString("latin1").split("\0").slice(0, 4).join(" ").slice(0, 200);
      this.found.set([secret, place, pid, variable].join(), { secret, place, pid, command, variable });
    }
  }
}

function read(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    return Buffer.alloc(0); // it ended meanwhile
  }
}

function watch(): void {
  let over = false;
  process.on("message", (message: Record<string, string> | "stop") => {
    if (message === "stop") return void (over = true);
    const all = new Watch(Object.entries(message).map(([name, secret]) => [name, Buffer.from(secret)]));
    process.send?.("ready");
    const next = (): void => {
      all.round();
      if (!over) setTimeout(next, pauseMilliseconds);
      else process.send?.(all.result(), () => process.exit(0));
    };
    next();
  });
}

if (require.main === module) watch();
