import { errorCodes, type ErrorCode } from "../errors";

export type FrameKind = "result" | "error" | "data";

/** What a record says of the body after it. */
export interface Frame {
  kind: FrameKind;
  /** Of the result; the error's code. */
  name: string;
  /** Bytes. */
  length: number;
}

const kinds: readonly string[] = ["result", "error", "data"] satisfies FrameKind[];

export function isFrameKind(word: string): word is FrameKind {
  return kinds.includes(word);
}

/** The words after the kind: a name and a length in decimal digits, which has one form. `undefined`: they are something else. */
export function frameOf(kind: FrameKind, words: string): Frame | undefined {
  const [, name = "", digits] = /^([^\t]*)\t(0|[1-9]\d{0,14})$/.exec(words) ?? [];
  return digits === undefined ? undefined : { kind, name, length: Number(digits) };
}

/** What only this side can know: a host that says it of itself lies. */
const neverReported: readonly ErrorCode[] = [
  "NSPAWN_UNREACHABLE",
  "NSPAWN_REFUSED",
  "NSPAWN_NAME_NOT_FOUND",
  "NSPAWN_ALGORITHMS",
  "NSPAWN_HOST_KEY",
  "NSPAWN_LOGIN",
  "NSPAWN_REPORT",
  "NSPAWN_STATE_VERSION",
];

/** The code of an error that a host may report. */
export function reportedCode(word: string): ErrorCode | undefined {
  const code = errorCodes.find((one) => one === word);
  return code === undefined || neverReported.includes(code) ? undefined : code;
}
