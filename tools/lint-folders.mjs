// Part of `npm run lint`. Folders have floors: of what stands side by side in a folder, folders and files, nothing imports
// in a circle, however deep inside the imports are. dependency-cruiser sees circles of files, and of folders only where
// they are of the very folders that the files are in.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

process.chdir(join(dirname(fileURLToPath(import.meta.url)), ".."));

const files = ["provider", "cli", "lab", "engine", "tools", "bench", "test"].flatMap((folder) =>
  readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(folder, name)),
);

const isFile = (path) => existsSync(path) && statSync(path).isFile();

/** The files of ours that a file imports, types included. */
function importsOf(file) {
  return ts.preProcessFile(readFileSync(file, "utf8")).importedFiles.flatMap(({ fileName }) => {
    if (!fileName.startsWith(".")) return [];
    const path = join(dirname(file), fileName);
    return [`${path}.ts`, join(path, "index.ts")].filter(isFile).slice(0, 1);
  });
}

/** Where two paths part: the folder that has both, and what of it each is in. */
function parting(from, to) {
  const [a, b] = [from.split("/"), to.split("/")];
  const level = a.findIndex((part, index) => part !== b[index]);
  return level < 0 ? undefined : [a.slice(0, level).join("/"), a[level], b[level]];
}

/** Folder → what is in it → what that imports of the same folder, each with one import that shows it. */
const levels = new Map();
const inside = (map, key) => map.get(key) ?? map.set(key, new Map()).get(key);
for (const file of files) {
  for (const target of importsOf(file)) {
    const parted = parting(file, target);
    if (parted === undefined) continue;
    const [level, one, other] = parted;
    inside(inside(levels, level), one).set(other, `${file} imports ${target}`);
  }
}

/** The shortest way from a name back to itself. */
function circle(imports, start) {
  const ways = [[start]];
  const seen = new Set();
  for (const way of ways) {
    for (const next of imports.get(way.at(-1))?.keys() ?? []) {
      if (next === start) return [...way, start];
      if (!seen.has(next)) ways.push([...way, next]);
      seen.add(next);
    }
  }
  return undefined;
}

for (const [level, imports] of levels) {
  const told = new Set();
  for (const name of imports.keys()) {
    const way = told.has(name) ? undefined : circle(imports, name);
    if (way === undefined) continue;
    console.error(`a circle in ${level || "."}: ${way.join(" → ")}`);
    for (const [index, next] of way.slice(1).entries()) console.error(`  ${imports.get(way[index]).get(next)}`);
    for (const each of way) told.add(each);
    process.exitCode = 1;
  }
}
if (!process.exitCode) console.log(`${files.length} files: no circle between folders`);
