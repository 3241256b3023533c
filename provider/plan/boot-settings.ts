import type { FoundSetting } from "./facts";
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

/**
 * Settings of others that are read after our file and say something else than is wanted.
 *
 * @param own the name of our file; of all folders together, files are read in the order of their names
 */
export function bootSettings(own: string, wanted: Map<string, string>, settings: FoundSetting[]): string[] {
  const byName = new Map<string, string>();
  for (const { path } of [...settings].sort((a, b) => rank(a.path) - rank(b.path))) {
    const name = path.slice(path.lastIndexOf("/") + 1);
    if (name > own && !byName.has(name)) byName.set(name, path);
  }
  const paths = [...byName.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, path]) => path);
  const lines = byPath(settings);
  const later = paths.flatMap((path) => (lines.get(path) ?? []).filter((setting) => setting.key !== ""));
  return [...wanted].flatMap(([key, value]) => {
    const naming = later.filter((setting) => dotted(setting.key) === key);
    const last = (naming.length > 0 ? naming : later.filter((setting) => sets(dotted(setting.key), key))).at(-1);
    return last === undefined || plain(last.value) === plain(value) ? [] : [`${last.path} sets ${key} = ${last.value}`];
  });
}
