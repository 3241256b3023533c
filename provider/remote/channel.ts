import type { Readable, Writable } from "node:stream";
import type { Client, ClientChannel } from "ssh2";
import { NspawnError } from "../errors";
import type { Program } from "../plan/program";
import type { Call } from "./call";
import { command } from "./command";
import { payload } from "./payload";
import { ReportParser, type Report } from "./report";

/** Could not even be started: nothing was sent, so another connection may try. */
export class NotStarted extends Error {}

/** Data that goes along with a program: what it reads on standard input after itself, and what it sends as it reports. */
export interface Flow {
  input?: Readable;
  output?: Writable;
}

/** One run of a program on a channel. */
export interface Run {
  /** For messages. */
  host: string;
  program: Program;
  call: Call;
  progress: (text: string) => void;
  /** Called when the host waits until a new connection confirms the change. */
  confirm?: () => void;
  flow?: Flow;
}

interface Settled {
  resolve: (report: Report) => void;
  reject: (error: unknown) => void;
}

/** Seconds within which a host opens a channel: its keepalives may be answered all the same. */
const openSeconds = 30;

/** Runs one program on one channel of a connection; settles on its end, on loss and at its deadline, whatever comes first. */
export async function runOnChannel(client: Client, run: Run): Promise<Report> {
  const channel = await openChannel(client, run.host);
  return new Promise((resolve, reject) => attend(client, channel, run, { resolve, reject }));
}

function openChannel(client: Client, host: string): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    const settle = (outcome: () => void): void => {
      clearTimeout(timer);
      client.removeListener("close", lost);
      outcome();
    };
    const lost = (): void => settle(() => reject(new NotStarted("the connection was closed")));
    const timer = setTimeout(() => settle(() => reject(noChannel(host))), openSeconds * 1000);
    client.once("close", lost);
    try {
      client.exec(command, (error, channel) =>
        settle(() => (error === undefined ? resolve(channel) : reject(new NotStarted(error.message)))),
      );
    } catch (error) {
      settle(() => reject(new NotStarted((error as Error).message)));
    }
  });
}

function attend(client: Client, channel: ClientChannel, run: Run, settled: Settled): void {
  const { progress, confirm, flow } = run;
  const data = (piece: Buffer): void => passOn(piece, channel, flow?.output);
  const parser = new ReportParser({ progress, data, confirm });
  let stderr = "";
  const settle = (outcome: () => void): void => {
    clearTimeout(timer);
    client.removeListener("close", closed);
    outcome();
  };
  const closed = (): void => settle(() => settled.resolve(parser.finish(run.host, stderr)));
  const seconds = run.program.deadline + (run.program.confirm === undefined ? 0 : run.call.window);
  const timer = setTimeout(() => {
    settle(() => settled.resolve({ ...parser.report, failure: overdue(run.host, seconds, parser.lastStep) }));
    channel.destroy();
  }, seconds * 1000);
  channel.on("data", (chunk: Buffer) => parser.push(chunk));
  channel.stderr.on("data", (chunk: Buffer) => (stderr = newestLines(stderr + chunk.toString("utf8"))));
  channel.on("close", closed);
  channel.on("error", () => undefined); // 'close' follows
  client.once("close", closed);
  const body = payload(run.program, run.call, flow?.input);
  // Input that broke off must not look like its end: the channel goes, and the program with it.
  body.on("error", (error) => {
    settle(() => settled.reject(error));
    channel.destroy();
  });
  body.pipe(channel);
}

/** Cut off between lines: half a line could be half a secret, which nobody would recognize as one. */
function newestLines(text: string, most = 4000): string {
  if (text.length <= most) return text;
  const kept = text.slice(-most);
  const end = kept.indexOf("\n");
  return end < 0 ? "" : kept.slice(end + 1);
}

/** The host waits when the other side is slower. Without the other side there is nothing left to do. */
function passOn(piece: Buffer, channel: ClientChannel, output: Writable | undefined): void {
  if (output === undefined || output.destroyed) channel.destroy();
  else if (!output.write(piece)) {
    channel.pause();
    const goOn = (): void => {
      output.removeListener("drain", goOn).removeListener("close", goOn);
      channel.resume();
    };
    output.once("drain", goOn).once("close", goOn);
  }
}

function noChannel(host: string): NspawnError {
  return new NspawnError(
    "NSPAWN_DEADLINE",
    `${host} opened no channel within ${openSeconds} s; nothing was sent; run \`up\` again`,
  );
}

function overdue(host: string, seconds: number, step: string): NspawnError {
  const advice = "the host ends it, or takes it back, by itself; run `up` again to see the outcome";
  return new NspawnError(
    "NSPAWN_DEADLINE",
    `${host} did not finish within ${seconds} s, last step "${step}"; ${advice}`,
  );
}
