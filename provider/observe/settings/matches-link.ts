import type { FoundSetting } from "../facts/facts";
import { matchesGlob } from "./glob";

/** What networkd knows of a link that we make: a bridge, the host's end of a machine's cable, a macvlan and its pair. */
export interface KnownLink {
  name: string;
  type: "bridge" | "ether";
  kind: "bridge" | "macvlan" | "veth";
}

/** Whether a file of networkd is read for a link. Where its [Match] asks more than names and kinds, nobody can say. */
export function matchesLink(lines: FoundSetting[], { name, type, kind }: KnownLink): boolean {
  const match = lines.filter(({ section, key }) => section === "Match" && key !== "");
  const known = new Map([
    ["Name", name],
    ["Type", type],
    ["Kind", kind],
  ]);
  return match.length > 0 && match.every(({ key, value }) => matchesOne(value.split(/\s+/), known.get(key)));
}

/** An exclamation mark before the first turns all round. */
function matchesOne(patterns: string[], text: string | undefined): boolean {
  if (text === undefined) return false;
  const inverted = patterns[0]?.startsWith("!") ?? false;
  return patterns.some((pattern) => matchesGlob(pattern.replace(/^!/, ""), text)) !== inverted;
}
