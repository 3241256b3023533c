import type { Readable, Writable } from "node:stream";
import type { Program } from "../plan/program";
import type { Call } from "./call";
import type { Login } from "./ssh/of-no-use";

/** Data that goes along with a program: what it reads on standard input after itself, and what it sends as it reports. */
export interface Flow {
  input?: Readable;
  output?: Writable;
}

/** One run of a program on a channel. */
export interface Run {
  /** For messages. */
  login: Login;
  program: Program;
  call: Call;
  progress: (text: string) => void;
  /** Called when the host waits until a new connection confirms the change. */
  confirm?: () => void;
  flow?: Flow;
}
