import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "ssh2";
import { NspawnError, withoutCode } from "../errors";
import type { Program } from "../plan/program";
import { newCall } from "./call";
import { runOnChannel } from "./channel";
import { confirm, confirmUnasked, type Pending } from "./confirmation";
import { connect } from "./connect";
import { NotStarted } from "./not-started";
import type { Report } from "./report";
import type { Flow, Run } from "./run";
import { hangUp } from "./ssh/watch";
import type { Target } from "./target";
import { trace } from "./trace";

/** How one call behaves. */
export interface CallOptions {
  /** Seconds in which connecting is repeated. Default 60. */
  patience?: number;
  /** A server that may still be booting: refused logins are repeated too. */
  newServer?: boolean;
  progress?: (text: string) => void;
  /** How the new connection that confirms a change logs in, where the change is about logins. Default: as this one. */
  confirmAs?: Target;
  /** Data beside the program: none is repeated, so the caller begins anew when the call fails. */
  flow?: Flow;
}

/** sshd's MaxSessions is 10 by default; two are left to others. */
const channelsAtOnce = 8;

/** Seconds in which a host may restart by itself, more than once. */
const restartSeconds = 600;
/** Milliseconds until a host that goes down is asked again. */
const restartPause = 2000;

/** One host's connection, kept open in the provider process, and the facts that were read through it. */
export class Session {
  private client: Promise<Client> | undefined;
  private busy = 0;
  private readonly queue: (() => void)[] = [];
  private known: Promise<Report> | undefined;

  constructor(private readonly target: Target) {}

  /** Runs a program that may change the host. What was known of the host is forgotten. */
  async apply(program: Program, options: CallOptions = {}): Promise<Report> {
    this.known = undefined;
    try {
      return await this.run(program, options);
    } finally {
      this.known = undefined;
    }
  }

  /** Runs a program that reads all facts of the host, once until the next change through this process. */
  facts(program: Program, options: CallOptions = {}): Promise<Report> {
    if (this.known === undefined) {
      const asked = this.run(program, options);
      this.known = asked;
      asked.catch(() => {
        if (this.known === asked) this.known = undefined;
      });
    }
    return this.known;
  }

  /** Connects, when it is not connected, and does nothing else. */
  async open(options: CallOptions = {}): Promise<void> {
    await this.connected(options);
  }

  /** Ends the connection; the next call makes a new one. */
  async close(): Promise<void> {
    const open = this.client;
    this.client = undefined;
    this.known = undefined;
    await open?.then(
      (client) => hangUp(client),
      () => undefined,
    );
  }

  /** A new server may restart by itself before anything has begun (cloud-init): then the program is sent again. */
  private async run(program: Program, options: CallOptions): Promise<Report> {
    const until = Date.now() + restartSeconds * 1000;
    for (let again = options; ; again = { ...options, patience: restartSeconds / 2 }) {
      const report = await this.once(program, again);
      const restarts = report.unbegun && report.failure?.code === "NSPAWN_CONNECTION_LOST";
      if (!restarts || options.flow !== undefined || Date.now() > until) return report;
      options.progress?.("the host restarts by itself, as cloud-init does; nothing has begun, and it is waited for");
      await this.close();
      await sleep(restartPause);
    }
  }

  private async once(program: Program, options: CallOptions): Promise<Report> {
    await this.place();
    try {
      for (let tries = 1; ; tries += 1) {
        const opened = this.connected(options);
        try {
          return await this.attempt(opened, program, options);
        } catch (error) {
          if (!(error instanceof NotStarted)) throw error;
          if (tries > channelsAtOnce) throw this.noChannel(error);
          // Died unnoticed, such as by a reboot of the host, or has no channel left (MaxSessions). Calls that run on it
          // are not disturbed, and of several that find it so only the first connects anew.
          if (this.client === opened) this.client = undefined;
        }
      }
    } finally {
      this.leave();
    }
  }

  private noChannel(cause: NotStarted): NspawnError {
    const message = `${this.target.host} opened no channel: ${cause.message}; run \`up\` again`;
    return new NspawnError("NSPAWN_CONNECTION_LOST", message, { cause });
  }

  private async attempt(opened: Promise<Client>, program: Program, options: CallOptions): Promise<Report> {
    const progress = options.progress ?? ((): void => undefined);
    const client = await opened;
    const { host } = this.target;
    trace("roundTrips", { host, steps: program.steps.length });
    const call = newCall(this.target.confirmWithin);
    const run = { login: this.target, program, call, progress, flow: options.flow };
    if (program.confirm === undefined) return await runOnChannel(client, run);
    return await this.confirmed(
      client,
      run,
      { key: program.confirm, call, progress },
      options.confirmAs ?? this.target,
    );
  }

  /** The report of the change with the facts that the confirmation read, also when the first connection did not survive it. */
  private async confirmed(client: Client, run: Run, pending: Pending, as: Target): Promise<Report> {
    let confirmation: Promise<Report> | undefined;
    let refused: unknown;
    const asked = (): void => {
      confirmation ??= confirm(as, pending);
      confirmation.catch((error: unknown) => (refused = error));
    };
    const report = await runOnChannel(client, { ...run, confirm: asked });
    const ended = report.failure?.code !== "NSPAWN_CONNECTION_LOST" || report.unbegun;
    if (ended && (report.failure !== undefined || confirmation === undefined)) return withReason(report, refused);
    const lost = report.failure && this.lostBeforeConfirmation(report.failure, pending);
    const second = await (confirmation ?? confirmUnasked(as, pending)).catch((error: unknown) => {
      throw lost ?? error;
    });
    if (second.failure !== undefined) return { ...report, failure: lost ?? second.failure };
    return { ...report, failure: undefined, results: second.results };
  }

  private lostBeforeConfirmation(cause: NspawnError, { call }: Pending): NspawnError {
    const message = `the connection to ${this.target.host} was lost during a change, and no new one confirmed it; the host rolls it back by itself within ${call.window} s; run \`up\` again`;
    return new NspawnError("NSPAWN_CONNECTION_LOST", message, { cause });
  }

  private connected(options: CallOptions): Promise<Client> {
    if (this.client !== undefined) return this.client;
    const progress = options.progress ?? ((): void => undefined);
    const patience = { seconds: options.patience ?? 60, newServer: options.newServer === true, progress };
    const opening = connect(this.target, patience);
    this.client = opening;
    const forget = (): void => {
      if (this.client === opening) this.client = undefined;
    };
    opening.then((client) => client.once("close", forget), forget);
    return opening;
  }

  private async place(): Promise<void> {
    if (this.busy < channelsAtOnce) this.busy += 1;
    else await new Promise<void>((resolve) => this.queue.push(resolve)); // the place is handed over
  }

  private leave(): void {
    const next = this.queue.shift();
    if (next === undefined) this.busy -= 1;
    else next();
  }
}

/** A change that nobody confirmed was put back; why the new connection did not come says more. */
function withReason(report: Report, refused: unknown): Report {
  const { failure } = report;
  if (failure?.code !== "NSPAWN_ROLLED_BACK" || !(refused instanceof NspawnError)) return report;
  const message = `${withoutCode(failure)}; the new connection: ${withoutCode(refused)}`;
  return { ...report, failure: new NspawnError("NSPAWN_ROLLED_BACK", message, { cause: refused }) };
}
