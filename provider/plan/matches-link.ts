import type { FoundSetting } from "./facts";

/** Whether a file of networkd is read for a bridge. Where its [Match] asks more than names and kinds, nobody can say. */
export function matchesLink(lines: FoundSetting[], bridge: string): boolean {
  const match = lines.filter(({ section, key }) => section === "Match" && key !== "");
  const known: Record<string, string> = { Name: bridge, Type: "bridge", Kind: "bridge" };
  return (
    match.length > 0 &&
    match.every(({ key, value }) => known[key] !== undefined && matchesOne(value.split(/\s+/), known[key]))
  );
}

/** fnmatch(3) as far as names of links need it; an exclamation mark before the first turns all round. */
function matchesOne(patterns: string[], text: string): boolean {
  const inverted = patterns[0]?.startsWith("!") ?? false;
  const some = patterns.some((pattern) => {
    const glob = pattern.replace(/^!/, "").replace(/[.+^${}()|\\]/g, "\\$&");
    return new RegExp(`^${glob.replace(/\*/g, ".*").replace(/\?/g, ".")}$`).test(text);
  });
  return some !== inverted;
}
