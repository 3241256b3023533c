import { notOurs } from "../../errors";

/** Characters of a line, and lines of a fact. A key of ssh with its options is the longest that has a meaning. */
const mostLine = 16_384;
const mostLines = 200_000;

/** The lines of a fact that are not empty. @throws NSPAWN_REPORT */
export function factLines(text: string): string[] {
  const lines = text.split("\n", mostLines + 1).filter((line) => line !== "");
  if (lines.length > mostLines) throw notOurs(`a fact has more than ${mostLines} lines`);
  return lines.map((line) => (line.length <= mostLine ? line : line.slice(0, mostLine)));
}
