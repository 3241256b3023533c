/** A pause of a program: a step's boundary, or a wait for something that others do. */
export type Pause = undefined | { until: () => boolean; within: number };
export type Work = Generator<Pause, void, boolean>;

/** A step that failed, with its code of the table. */
export class Failure extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** What belongs to one sending of a program (provider/remote/call.ts). */
export interface SentCall {
  issued: number;
  token: string;
  window: number;
  patience: number;
}

export interface Sent {
  /** Lines of tab-separated fields, as the shell gets them. */
  steps: string;
  texts: Record<string, string>;
  call: SentCall;
}

/** One running program: a unit of PID 1, or the end of one. */
export interface Unit {
  id: number;
  sent: Sent;
  /** To the channel, as far as there is one. */
  tell: (text: string) => void;
  closed: () => void;
  work: Work;
  waiting?: { until: () => boolean; deadline: number };
  holdsHost: boolean;
  ownKey?: string;
  /** Key of the open transaction. */
  keep?: string;
  /** The resource's key. */
  mine?: string;
  adopt: boolean;
  /** The `ExecStopPost` of another. */
  cleans?: true;
  changed: boolean;
}

/** A record of the report. */
export function frame(kind: "result" | "error", name: string, body: string): string {
  return `${kind}\t${name}\t${Buffer.byteLength(body)}\n${body}\n`;
}
