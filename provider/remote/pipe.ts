import { Transform } from "node:stream";
import type { Program } from "../plan/program";
import type { Report } from "./report";
import type { Session } from "./session";

/** One end of a pipe. */
export interface PipeEnd {
  session: Session;
  program: Program;
}

/** What may be on its way in this process; the slower side decides how fast both go. */
const bufferBytes = 1024 * 1024;

/**
 * Runs a program that sends data and one on another host that reads it; the two hosts never see each other. When one
 * side fails, the other is cut off, so that it fails too and never takes a part for the whole.
 *
 * @param passed told how many bytes have gone through
 * @throws the failure of the side that failed first
 */
export async function pipe(from: PipeEnd, to: PipeEnd, passed: (bytes: number) => void): Promise<void> {
  let bytes = 0;
  const data = new Transform({
    highWaterMark: bufferBytes,
    transform: (piece: Buffer, _encoding, done) => {
      passed((bytes += piece.length));
      done(null, piece);
    },
  });
  const failures: unknown[] = [];
  const side = async (run: Promise<Report>, done: () => void): Promise<void> => {
    try {
      const { failure } = await run;
      if (failure !== undefined) throw failure;
      done();
    } catch (error) {
      failures.push(error);
      data.destroy();
    }
  };
  const sending = from.session.apply(from.program, { flow: { output: data } });
  const receiving = to.session.apply(to.program, { flow: { input: data } });
  await Promise.all([side(sending, () => data.end()), side(receiving, () => undefined)]);
  if (failures.length > 0) throw failures[0];
}
