import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { CompiledPackages } from "./compiled-packages";
import type { GoToolchain } from "./go-toolchain";
import { keep } from "./keep";
import type { Meter } from "./meter";
import type { Recipe } from "./recipe";
import { run } from "./run";

export interface BuildOrder {
  recipe: Recipe;
  /** Where the finished program goes: a directory of its own, made in one step at the end. */
  place: string;
  go: GoToolchain;
  compiled: CompiledPackages;
  meter: Meter;
  signal?: AbortSignal;
}

/**
 * Builds one part from its Go modules. The main module lies beside the place until the program is finished, so a build
 * that was interrupted goes on from Go's own caches. Throws with Go's last words when it fails.
 */
export async function buildPart(order: BuildOrder): Promise<string> {
  const work = workDirectory(order.place);
  writeModule(order.recipe, work);
  const packages = await listPackages(order, work);
  await compile(order, work, packages);
  keep(join(work, "finished"), order.place);
  rmSync(work, { recursive: true, force: true });
  return join(order.place, order.recipe.part);
}

/** Where a part's main module lies while it is built. */
export function workDirectory(place: string): string {
  return `${place}.work`;
}

export function writeModule({ files }: Recipe, work: string): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(work, name)), { recursive: true });
    writeFileSync(join(work, name), text);
  }
}

/** Fetches the modules; gives the packages that the program consists of: a key with the version by import path. */
async function listPackages({ recipe, go, meter, signal }: BuildOrder, work: string): Promise<Map<string, string>> {
  meter.stage(`fetching the modules of ${recipe.title}`, recipe.seconds.modules);
  const begin = Date.now();
  let modules = 0;
  // Go tells of whole modules only, and reads many module files before the first: time is the better measure.
  const clock = setInterval(() => meter.at(Math.min(0.95, (Date.now() - begin) / 1000 / recipe.seconds.modules)), 1000);
  const line = (text: string) => {
    if (text.startsWith("go: downloading")) meter.at(0, `fetching the modules of ${recipe.title}, ${++modules} so far`);
  };
  const format = "{{.ImportPath}}\t{{with .Module}}{{.Version}}{{end}}";
  const args = ["list", "-mod=mod", "-deps", "-f", format, recipe.pkg];
  const { code, stdout, stderr } = await run({ program: "go", args, cwd: work, env: go.env, line, signal }).finally(
    () => clearInterval(clock),
  );
  if (code !== 0) throw new Error(`go list: ${lastWords(stderr, code)}`);
  const rows = stdout
    .trim()
    .split("\n")
    .map((row) => row.split("\t"));
  return new Map(rows.map(([path = "", version]) => [path, `${path}@${version || "main"} ${go.version}`]));
}

async function compile(
  { recipe, go, meter, compiled, signal }: BuildOrder,
  work: string,
  packages: Map<string, string>,
): Promise<void> {
  const left = new Set([...packages].filter(([, key]) => !compiled.has(key)).map(([path]) => path));
  const known = packages.size - left.size;
  const what = (count: number) => `compiling ${recipe.title}, ${count} of ${packages.size} packages`;
  // The last tenth is the linker's.
  const fraction = (count: number) => (count / packages.size) * 0.9;
  meter.stage(what(known), recipe.seconds.compile, fraction(known));
  const line = (text: string) => {
    const key = packages.get(text);
    if (key === undefined) return;
    left.delete(text);
    compiled.add(key);
    const count = packages.size - left.size;
    meter.at(fraction(count), what(count));
  };
  const flags = ["-mod=mod", "-buildvcs=false", "-trimpath", "-v", "-ldflags", `-s -w -X ${recipe.stamp}`];
  const args = ["build", ...flags, "-o", join(work, "finished", recipe.part), recipe.pkg];
  const { code, stderr } = await run({ program: "go", args, cwd: work, env: go.env, line, signal });
  if (code !== 0) throw new Error(`go build: ${lastWords(stderr, code)}`);
}

/** Go's error lines without the names of compiled packages and modules. */
function lastWords(stderr: string, code: number): string {
  const lines = stderr
    .split("\n")
    .filter((line) => /[\s:]/.test(line.trim()) && !/^go: (downloading|finding|found)/.test(line));
  return lines.slice(-6).join(" | ") || `exit code ${code}`;
}
