import fc from "fast-check";
import { mutated, mutations } from "./mutation";

const codes = ["NSPAWN_BUSY", "NSPAWN_STEP_FAILED", "NSPAWN_OWNED", "NSPAWN_CONNECTION_LOST"];
const names = ["facts", "files", "catalogue", "whereabouts"];

const word = fc.oneof(
  fc.string({ maxLength: 20 }).map((text) => text.replace(/\n/g, " ")),
  fc.string({ unit: "binary", maxLength: 10 }).map((text) => text.replace(/\n/g, "\u001b")),
  fc.constantFrom("installing vim", "a\tb", "\u001b[2J", "end", "result\tfacts\t3", ""),
);
/** Bodies may look like records. */
const body = fc.oneof(
  fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
  fc
    .constantFrom("end\n", "\nend\n", "error\tNSPAWN_BUSY\t1\nx\n", "result\tfacts\t1\nx\nend\n", "x".repeat(2000))
    .map((text) => Buffer.from(text)),
);

const framed = (kind: string, name: string, bytes: Buffer): Buffer =>
  Buffer.concat([Buffer.from(`${kind}\t${name}\t${bytes.length}\n`), bytes, Buffer.from("\n")]);

const record = fc.oneof(
  word.map((text) => Buffer.from(`progress\t${text}\n`)),
  word.map((text) => Buffer.from(`warning\t${text}\n`)),
  fc.constantFrom("unbegun\n", "begun\n", "claimed\n", "rolled-back\n", "confirm\n").map((text) => Buffer.from(text)),
  fc.tuple(fc.constantFrom(...names), body).map(([name, bytes]) => framed("result", name, bytes)),
  body.map((bytes) => framed("data", "-", bytes)),
);
const failed = fc.tuple(fc.constantFrom(...codes), body).map(([code, bytes]) => framed("error", code, bytes));

/** Reports as our program writes them, that of a failure with what comes after it. */
const reports = fc.oneof(
  fc.array(record, { maxLength: 8 }).map((records) => Buffer.concat([...records, Buffer.from("end\n")])),
  fc
    .tuple(fc.array(record, { maxLength: 6 }), failed, fc.array(record, { maxLength: 3 }))
    .map(([before, error, after]) => Buffer.concat([...before, error, ...after])),
);

const snippets = [
  ...["end\n", "end", "\n", "\t", "\0", "\r\n", "progress\t", "warning\t", "claimed\n", "confirm\n", "rolled-back\n", "data\t-\t", "data\t-\t1\nx\n"],
  ...["result\tfacts\t", "result\tfacts\t5\n", "result\t__proto__\t1\nx\n", "result\tconstructor\t0\n\n", "result\tfacts\t-5\n", "result\tfiles\t16777216\n"],
  ...["error\tNSPAWN_BUSY\t", "error\tNSPAWN_BUSY\t1\nx\n", "error\tNSPAWN_REPORT\t1\nx\n", "error\t__proto__\t1\nx\n", "error\tnone\t1\nx\n", "Welcome!\n"],
  ...["x".repeat(3000), "\u001b[2J", "\ud83d", "1e309", "result\tcatalogue\t67108864\n"],
]; // prettier-ignore

/** Everything that a host may send. */
export const streams: fc.Arbitrary<Buffer> = fc.oneof(
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)) },
  { weight: 2, arbitrary: reports },
  { weight: 5, arbitrary: fc.tuple(reports, mutations(snippets)).map(([bytes, changes]) => mutated(bytes, changes)) },
  {
    weight: 3,
    arbitrary: fc.array(fc.constantFrom(...snippets), { maxLength: 12 }).map((parts) => Buffer.from(parts.join(""))),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom(...snippets), fc.integer({ min: 1, max: 3000 }))
      .map(([part, times]) => Buffer.from(part.repeat(Math.min(times, 300_000 / part.length)))),
  },
);

/**
 * What a stream is, by its grammar alone, read in the simplest way: `end` once, last, and no error before it; `undefined`
 * when it is no report at all.
 */
export function grammarOf(stream: Buffer): "success" | "failure" | "cut off" | undefined {
  const parts = partsOf(stream.toString("latin1"));
  if (parts === undefined) return undefined;
  const failed = parts.includes("error");
  const end = parts.indexOf("end");
  if (end < 0) return failed ? "failure" : "cut off";
  return end === parts.length - 1 && !failed ? "success" : undefined;
}

type Part = "error" | "end" | "other" | "begun";

/** The parts of a stream in their order; the last may have only begun. */
function partsOf(stream: string): Part[] | undefined {
  const parts: Part[] = [];
  const left = new Map([
    ["result", 2 ** 26],
    ["error", 2 ** 20],
  ]);
  for (let rest = stream; rest !== "";) {
    const next = firstOf(rest, left);
    if (next === undefined) return undefined;
    parts.push(next.part);
    rest = next.rest;
  }
  return parts;
}

type Next = { part: Part; rest: string } | undefined;

/** @param left bytes that bodies of each kind may still have together */
function firstOf(stream: string, left: Map<string, number>): Next {
  const line = /^([^\n]*)\n/.exec(stream)?.[1];
  if (line === undefined) return mayGoOn(stream) ? { part: "begun", rest: "" } : undefined;
  const rest = stream.slice(line.length + 1);
  const frame = /^(result|error|data)\t([^\t]*)\t(0|[1-9]\d*)$/.exec(line);
  if (frame !== null) return bodyOf(frame, rest, left);
  if (line === "end") return { part: "end", rest };
  return /^(progress|warning)\t|^(unbegun|begun|claimed|rolled-back|confirm)$/.test(line)
    ? { part: "other", rest }
    : undefined;
}

function bodyOf([, kind = "", name = "", digits = ""]: string[], rest: string, left: Map<string, number>): Next {
  const bytes = Number(digits);
  const all = left.get(kind) ?? Infinity;
  if (bytes > Math.min(most(kind, name), all)) return undefined;
  left.set(kind, all - bytes);
  if (rest.length <= bytes) return { part: "begun", rest: "" };
  if (rest[bytes] !== "\n") return undefined;
  return { part: kind === "error" ? "error" : "other", rest: rest.slice(bytes + 1) };
}

function most(kind: string, name: string): number {
  if (kind === "data") return 2 ** 21;
  if (kind === "error") return codes.includes(name) ? 2 ** 20 : -1;
  const bounds = new Map([["facts", 2 ** 24], ["files", 3 * 2 ** 24], ["catalogue", 2 ** 26], ["whereabouts", 2 ** 16]]); // prettier-ignore
  return bounds.get(name) ?? -1;
}

/** Whether a line that has no end yet may become a record. */
function mayGoOn(line: string): boolean {
  const begins = [
    "progress\t",
    "warning\t",
    "result\t",
    "error\t",
    "data\t",
    "unbegun",
    "begun",
    "claimed",
    "rolled-back",
    "confirm",
    "end",
  ];
  return begins.some((begin) => begin.startsWith(line) || (begin.endsWith("\t") && line.startsWith(begin)));
}
