import { createReadStream } from "node:fs";
import { Transform } from "node:stream";
import type { Program } from "../plan/program";
import { fileOf } from "./local-archive";
import type { Report } from "./report";
import type { Session } from "./session";

/** What may be on its way in this process; the host decides how fast it goes. */
const bufferBytes = 1024 * 1024;

/**
 * Runs a program that reads a file of the machine that runs the program, which is never in memory as a whole.
 *
 * @param passed told how many bytes have gone
 * @throws Error when the file cannot be read
 */
export async function sendFile(
  session: Session,
  program: Program,
  path: string,
  tell: { progress: (text: string) => void; passed: (bytes: number) => void },
): Promise<Report> {
  let bytes = 0;
  const input = new Transform({
    highWaterMark: bufferBytes,
    transform: (piece: Buffer, _encoding, done) => {
      tell.passed((bytes += piece.length));
      done(null, piece);
    },
  });
  const file = createReadStream(fileOf(path), { highWaterMark: bufferBytes });
  let broken: Error | undefined;
  file.on("error", (error) => {
    broken = error;
    input.destroy();
  });
  file.pipe(input);
  try {
    return await session.apply(program, { flow: { input }, progress: tell.progress });
  } catch (error) {
    throw broken ?? error;
  } finally {
    file.destroy();
    input.destroy();
  }
}
