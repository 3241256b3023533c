import type { RawFacts } from "../plan/facts";
import { parseFiles } from "../plan/parse-files";
import type { Report } from "./report";
import { unpack } from "./unpack";

/** The facts in a report, unpacked; `undefined` when the program ended before it read them. */
export async function rawFacts(report: Report): Promise<RawFacts | undefined> {
  const texts = report.results.get("facts");
  const files = report.results.get("files");
  if (texts === undefined || files === undefined) return undefined;
  const entries = [...(await unpack(texts))].filter(([, file]) => file.type === "file");
  return { texts: new Map(entries.map(([name, file]) => [name, file.text])), files: parseFiles(files) };
}
