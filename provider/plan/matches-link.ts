import type { FoundSetting } from "./facts";
import { matchesGlob } from "./glob";

/** Whether a file of networkd is read for a bridge. Where its [Match] asks more than names and kinds, nobody can say. */
export function matchesLink(lines: FoundSetting[], bridge: string): boolean {
  const match = lines.filter(({ section, key }) => section === "Match" && key !== "");
  const known = new Map([
    ["Name", bridge],
    ["Type", "bridge"],
    ["Kind", "bridge"],
  ]);
  return match.length > 0 && match.every(({ key, value }) => matchesOne(value.split(/\s+/), known.get(key)));
}

/** An exclamation mark before the first turns all round. */
function matchesOne(patterns: string[], text: string | undefined): boolean {
  if (text === undefined) return false;
  const inverted = patterns[0]?.startsWith("!") ?? false;
  return patterns.some((pattern) => matchesGlob(pattern.replace(/^!/, ""), text)) !== inverted;
}
