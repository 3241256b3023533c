import type { Override } from "../../model/fact/override";
import type { FoundSetting } from "../facts/facts";
import { matchesGlob } from "./glob";
import { byPath } from "./by-path";

/** Earlier ones hide files of the same name in later ones. */
const folders = ["/etc/", "/run/", "/usr/local/lib/", "/usr/lib/"];

/** Both separators are allowed; the first that occurs is the one that counts, sysctl.d(5). */
function dotted(key: string): string {
  const plain = key.replace(/^-/, "");
  const slash = /^[^./]*\//.test(plain);
  return slash ? plain.replace(/[./]/g, (separator) => (separator === "/" ? "." : "/")) : plain;
}

const rank = (path: string): number => folders.findIndex((folder) => path.startsWith(folder));
const plain = (value: string): string => value.trim().split(/\s+/).join(" ");

/** `*` stands for one part of a key, and gives way to a file that names it whole. */
function sets(pattern: string, key: string): boolean {
  if (!pattern.includes("*")) return pattern === key;
  const [parts, wanted] = [pattern.split("."), key.split(".")];
  return parts.length === wanted.length && parts.every((part, index) => matchesGlob(part, wanted[index] ?? ""));
}

/** Lines of the files that are read, in their order: of all folders together by their names. */
function inOrder(settings: FoundSetting[], isAsked: (name: string) => boolean): FoundSetting[] {
  const byName = new Map<string, string>();
  for (const { path } of [...settings].sort((a, b) => rank(a.path) - rank(b.path))) {
    const name = path.slice(path.lastIndexOf("/") + 1);
    if (isAsked(name) && !byName.has(name)) byName.set(name, path);
  }
  const paths = [...byName.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, path]) => path);
  const lines = byPath(settings);
  return paths.flatMap((path) => (lines.get(path) ?? []).filter((setting) => setting.key !== ""));
}

/** The line that decides among these. */
function decisive(lines: FoundSetting[], key: string): FoundSetting | undefined {
  const naming = lines.filter((setting) => dotted(setting.key) === key);
  return (naming.length > 0 ? naming : lines.filter((setting) => sets(dotted(setting.key), key))).at(-1);
}

/**
 * Settings of others that are read after our file and say something else than is wanted.
 *
 * @param own the name of our file; of all folders together, files are read in the order of their names
 */
export function bootSettings(own: string, wanted: Map<string, string>, settings: FoundSetting[]): Override[] {
  const later = inOrder(settings, (name) => name > own);
  return [...wanted].flatMap(([key, value]): Override[] => {
    const last = decisive(later, key);
    if (last === undefined || plain(last.value) === plain(value)) return [];
    return [{ path: last.path, kind: "setting", setting: `${key} = ${last.value}` }];
  });
}

interface Yielding {
  path: string;
  key: string;
  /** What that file says, and what is wanted. */
  said: string;
  value: string;
}

/** The other way round: settings of others by name that are read before our file, and say something else. */
export function yieldingSettings(
  own: string | undefined,
  wanted: Map<string, string>,
  settings: FoundSetting[],
): Yielding[] {
  const earlier = inOrder(settings, (name) => own === undefined || name < own);
  return [...wanted].flatMap(([key, value]) => {
    const naming = earlier.filter((setting) => dotted(setting.key) === key && plain(setting.value) !== plain(value));
    return naming.map(({ path, value: said }) => ({ path, key, said: plain(said), value }));
  });
}
