import type { Engine } from "./engine";
import { parts } from "./part";

/** The engine in words, with the line that a shell needs to use it. */
export function engineReport({ programs, source, path }: Engine): string {
  const said = { path: "found", download: "downloaded", build: "built from Go modules" };
  const lines = parts.map((part) => `${part.padEnd(30)} ${said[source[part]].padEnd(22)} ${programs[part]}`);
  return [...lines, "", "To use it in this shell:", `  export PATH="${path}:$PATH"`, ""].join("\n");
}
