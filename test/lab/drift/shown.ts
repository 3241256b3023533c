/** Names of one block are padded to one width. */
const tidy = (line: string): string =>
  line
    .trim()
    .replace(/\s+/g, " ")
    .replace(/ :( |$)/, ":$1");

/** Lines by which a preview with `--diff` shows a change, of each resource by the end of its URN: `NspawnMachine::web`. */
export function shownIn(preview: string): Map<string, string[]> {
  const shown = new Map<string, string[]>();
  let lines: string[] = [];
  for (const line of preview.split("\n")) {
    const resource = /\[urn=\S*?(\w+::[^:\]]+)\]/.exec(line)?.[1];
    if (resource !== undefined) shown.set(resource, (lines = shown.get(resource) ?? []));
    else if (/^\s*[-+~]\s/.test(line)) lines.push(tidy(line));
  }
  return shown;
}
