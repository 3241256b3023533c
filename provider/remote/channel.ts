import type { Readable, Writable } from "node:stream";
import type { Client, ClientChannel } from "ssh2";
import { NspawnError } from "../errors";
import type { Program } from "../plan/program";
import { command, payload } from "./payload";
import { ReportParser, type Report } from "./report";

/** Could not even be started: nothing was sent, so another connection may try. */
export class NotStarted extends Error {}

/** Data that goes along with a program: what it reads on standard input after itself, and what it sends as it reports. */
export interface Flow {
  input?: Readable;
  output?: Writable;
}

/** Runs one program on one channel of a connection; settles on its end, on loss and at its deadline, whatever comes first. */
export function runOnChannel(
  client: Client,
  host: string,
  program: Program,
  progress: (text: string) => void,
  flow: Flow = {},
): Promise<Report> {
  return new Promise((resolve, reject) => {
    const lostEarly = (): void => reject(new NotStarted("the connection was closed"));
    client.once("close", lostEarly);
    const opened = (error: Error | undefined, channel: ClientChannel): void => {
      client.removeListener("close", lostEarly);
      if (error) reject(new NotStarted(error.message));
      else attend(client, channel, { host, program, progress, flow, resolve, reject });
    };
    try {
      client.exec(command, opened);
    } catch (error) {
      client.removeListener("close", lostEarly);
      reject(new NotStarted((error as Error).message));
    }
  });
}

interface Call {
  host: string;
  program: Program;
  progress: (text: string) => void;
  flow: Flow;
  resolve: (report: Report) => void;
  reject: (error: unknown) => void;
}

function attend(client: Client, channel: ClientChannel, call: Call): void {
  const parser = new ReportParser(call.progress, (piece) => passOn(piece, channel, call.flow.output));
  let stderr = "";
  const settle = (outcome: () => void): void => {
    clearTimeout(timer);
    client.removeListener("close", closed);
    outcome();
  };
  const closed = (): void => settle(() => call.resolve(parser.finish(call.host, stderr)));
  const timer = setTimeout(() => {
    settle(() => call.resolve({ ...parser.report, failure: overdue(call, parser.lastStep) }));
    channel.destroy();
  }, call.program.deadline * 1000);
  channel.on("data", (chunk: Buffer) => parser.push(chunk));
  channel.stderr.on("data", (chunk: Buffer) => (stderr = (stderr + chunk.toString("utf8")).slice(-4000)));
  channel.on("close", closed);
  channel.on("error", () => undefined); // 'close' follows
  client.once("close", closed);
  const body = payload(call.program, call.flow.input);
  // Input that broke off must not look like its end: the channel goes, and the program with it.
  body.on("error", (error) => {
    settle(() => call.reject(error));
    channel.destroy();
  });
  body.pipe(channel);
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

function overdue(call: Call, step: string): NspawnError {
  const { deadline } = call.program;
  const advice = "the host goes on by itself; run `up` again to see the outcome";
  return new NspawnError(
    "NSPAWN_DEADLINE",
    `${call.host} did not finish within ${deadline} s, last step "${step}"; ${advice}`,
  );
}
