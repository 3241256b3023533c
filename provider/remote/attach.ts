import { constants } from "node:os";
import type { Readable, Writable } from "node:stream";
import type { ClientChannel } from "ssh2";
import { NspawnError } from "../errors";
import { attachedCommand } from "../host/command";
import { connect } from "./connect";
import { gave, hangUp, took } from "./ssh/watch";
import type { Target } from "./target";

/** Seconds in which connecting is repeated. */
const patience = 20;

/** A person's terminal. */
export interface Terminal {
  /** Its kind, `$TERM`. */
  name: string;
  size: () => { rows: number; cols: number };
  /** Calls back when its size changes. */
  resized: (listener: () => void) => void;
}

/** What a command in a machine reads and writes. */
export interface Streams {
  input: Readable;
  output: Writable;
  errors: Writable;
  terminal?: Terminal;
}

/** What is run, and where. */
export interface Attached {
  machine: string;
  /** In the machine by its service manager, as root; or on its host. */
  where: "machine" | "host";
  words: readonly string[];
}

/**
 * Runs a command for a person, with their streams, to its end.
 *
 * @returns its exit code, 128 + n after signal n
 * @throws NSPAWN_UNREACHABLE and others of the table when the host cannot be entered; NSPAWN_CONNECTION_LOST
 */
export async function attach(target: Target, { machine, where, words }: Attached, streams: Streams): Promise<number> {
  const client = await connect(target, { seconds: patience, newServer: false, progress: () => undefined });
  try {
    const { terminal } = streams;
    const command = attachedCommand(machine, where === "host" ? "host" : (terminal?.name ?? "pipe"), words);
    const channel = await new Promise<ClientChannel>((resolve, reject) =>
      client.exec(command, terminal === undefined ? {} : { pty: ptyOf(terminal) }, (error, opened) =>
        error === undefined ? resolve(opened) : reject(lost(target, error.message)),
      ),
    );
    for (const stream of [channel, channel.stderr]) stream.on("data", (chunk: Buffer) => took(client, chunk.length));
    streams.input.on("data", (chunk: Buffer) => gave(client, chunk.length));
    terminal?.resized(() => channel.setWindow(terminal.size().rows, terminal.size().cols, 0, 0));
    return await ended(channel, streams, target);
  } finally {
    hangUp(client);
  }
}

const ptyOf = ({ name, size }: Terminal): object => ({ term: name, ...size() });

function ended(channel: ClientChannel, { input, output, errors }: Streams, target: Target): Promise<number> {
  input.pipe(channel);
  channel.pipe(output, { end: false });
  channel.stderr.pipe(errors, { end: false });
  return new Promise((resolve, reject) => {
    let code: number | undefined;
    channel.on("exit", (status: number | null, signal?: string) => (code = status ?? 128 + numberOf(signal)));
    channel.on("error", () => undefined); // 'close' follows
    channel.on("close", () => {
      input.unpipe(channel);
      if (code === undefined) reject(lost(target, "the connection was closed before the command's end"));
      else resolve(code);
    });
  });
}

/** Of a signal, as SSH calls it. */
const numberOf = (signal = ""): number => constants.signals[`SIG${signal.replace(/^SIG/, "")}` as NodeJS.Signals] ?? 0;

const lost = ({ host }: Target, why: string): NspawnError =>
  new NspawnError("NSPAWN_CONNECTION_LOST", `${host}: ${why}`);
