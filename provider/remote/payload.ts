import { Readable } from "node:stream";
import { pack, type Pack } from "tar-stream";
import { hostProgram } from "../host/program";
import { encodeFields, encodeSteps } from "../plan/encode";
import type { Program } from "../plan/program";
import type { Call } from "./call";

/** A channel that closes while the payload is on its way ends each entry too; what follows from it is the archive's own error. */
function handled(entry: ReturnType<Pack["entry"]>): void {
  entry.on("error", () => undefined);
}

function lines(program: Program, call: Call): string {
  const { issued, token, window, patience } = call;
  const limit = program.changes === true ? { limit: program.deadline + window } : {};
  const entries = Object.entries({ ...limit, issued, token, window, patience });
  return entries.map(([name, value]) => `${name} ${value}\n`).join("");
}

/**
 * A program for stdin: the length of its tar archive as a line, the archive, and then what the program reads itself.
 *
 * @param input when it is destroyed before its end, so is the payload
 */
export function payload(program: Program, call: Call, input?: Readable): Readable {
  return Readable.from(inParts(archiveOf(program, call), input), { objectMode: false });
}

async function* inParts(archive: Readable, input: Readable | undefined): AsyncGenerator<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of archive) chunks.push(chunk as Buffer);
  const whole = Buffer.concat(chunks);
  yield Buffer.from(`${whole.length}\n`);
  yield whole;
  if (input !== undefined) for await (const chunk of input) yield chunk as Buffer;
}

function archiveOf(program: Program, call: Call): Readable {
  const archive: Pack = pack();
  const add = (name: string, text: string): void => {
    handled(archive.entry({ name, mode: 0o600, uid: 0, gid: 0, mtime: new Date(0) }, text));
  };
  add("script", hostProgram());
  add("call", lines(program, call));
  add("fields", encodeFields());
  add("steps", encodeSteps(program.steps));
  handled(archive.entry({ name: "texts", type: "directory", mode: 0o700 }));
  for (const [name, text] of Object.entries(program.texts)) {
    if (!/^[a-z0-9][a-z0-9.-]*$/.test(name)) throw new Error(`not a name of a text: ${JSON.stringify(name)}`);
    add(`texts/${name}`, text);
  }
  archive.finalize();
  return archive as unknown as Readable;
}
