import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
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

interface Watched {
  looks: number;
  processes: number;
  sightings: Sighting[];
}

export interface Polled {
  /** Over all processes, again and again. */
  rounds: Watched;
  /** Of each process as it begins to run a program. */
  execs: Watched;
}

/** Looks at all processes of this machine, in processes of its own: poller.py. */
export class Poller {
  private constructor(
    private readonly rounds: Watcher,
    private readonly execs: Watcher,
  ) {}

  /** @param forms what to look for, by the name of the secret; travels over a pipe and stands in no command line itself */
  static async start(forms: Record<string, string[]>): Promise<Poller> {
    const begin = (way: string): Promise<Watcher> => Watcher.start(way, JSON.stringify(forms));
    return new Poller(await begin("rounds"), await begin("execs"));
  }

  async stop(): Promise<Polled> {
    return { rounds: await this.rounds.stop(), execs: await this.execs.stop() };
  }
}

class Watcher {
  private said = "";

  private constructor(private readonly child: ChildProcessWithoutNullStreams) {
    child.stdout.on("data", (data: Buffer) => (this.said += data.toString()));
    child.stderr.pipe(process.stderr);
  }

  static async start(way: string, forms: string): Promise<Watcher> {
    const watcher = new Watcher(spawn("python3", [join(__dirname, "poller.py"), way]));
    watcher.child.stdin.write(`${forms}\n`);
    await once(watcher.child.stdout, "data");
    return watcher;
  }

  async stop(): Promise<Watched> {
    const closed = once(this.child, "close");
    this.child.stdin.end();
    await closed;
    return JSON.parse(this.said.slice(this.said.indexOf("\n") + 1)) as Watched;
  }
}
