import type { RawFacts } from "../observe/facts/facts";
import { parseFiles, parseTexts } from "../observe/facts/parse-files";
import type { Report } from "./report";

/** The facts in a report, unpacked; `undefined` when the program ended before it read them. @throws NSPAWN_REPORT */
export function rawFacts(report: Report): RawFacts | undefined {
  const texts = report.results.get("facts");
  const files = report.results.get("files");
  if (texts === undefined || files === undefined) return undefined;
  return { texts: parseTexts(texts), files: parseFiles(files) };
}
