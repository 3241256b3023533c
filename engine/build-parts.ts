import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildPart, workDirectory, writeModule } from "./build-part";
import { cachePlaces } from "./cached";
import { CompiledPackages } from "./compiled-packages";
import { diskShortage, type DiskNeed } from "./disk-space";
import { type GoToolchain, goToolchain } from "./go-toolchain";
import type { Job } from "./job";
import { Meter } from "./meter";
import type { Recipe } from "./recipe";
import { recipes } from "./recipes";
import { versions } from "./versions";
import { messageOf } from "./message-of";

/** The third way: Go modules from the proxy that the user's Go is set to. Finished parts stay, whatever fails later. */
export async function buildParts(job: Job): Promise<void> {
  const wanted = buildable(
    job,
    recipes().filter(({ part }) => !job.found.has(part)),
  );
  const [first] = wanted;
  if (first === undefined) return;
  writeModule(first, workDirectory(placeOf(job, first)));
  const go = await goToolchain(workDirectory(placeOf(job, first)), job.env);
  const why = "why" in go ? go.why : diskShortage(wanted.flatMap((recipe) => needs(recipe, go, placeOf(job, recipe))));
  if (why !== undefined || "why" in go) {
    for (const { part } of wanted) job.refusals.push({ part, way: "build", why: why ?? "" });
    return;
  }
  const meter = new Meter(sum(wanted), job.reporter);
  try {
    for (const recipe of wanted) await build(job, recipe, go, meter);
  } finally {
    meter.stop();
  }
}

async function build(job: Job, recipe: Recipe, go: GoToolchain, meter: Meter): Promise<void> {
  const compiled = new CompiledPackages(join(job.cache, "compiled-packages"));
  try {
    const program = await buildPart({ recipe, place: placeOf(job, recipe), go, compiled, meter, signal: job.signal });
    job.found.set(recipe.part, { part: recipe.part, way: "build", program });
  } catch (error) {
    job.signal?.throwIfAborted();
    job.refusals.push({ part: recipe.part, way: "build", why: messageOf(error) });
  }
}

/** Only one version of the plugin has a recipe. */
function buildable(job: Job, wanted: Recipe[]): Recipe[] {
  if (job.hcloud === versions.hcloud) return wanted;
  return wanted.filter(({ part }) => {
    if (part !== "pulumi-resource-hcloud") return true;
    const why = `the npm package @pulumi/hcloud is ${job.hcloud}; the build is known for ${versions.hcloud} only`;
    job.refusals.push({ part, way: "build", why });
    return false;
  });
}

function placeOf(job: Job, { part }: Recipe): string {
  const place = cachePlaces(job).find(({ way, parts }) => way === "build" && parts[0] === part);
  if (place === undefined) throw new Error(`no place in the cache for ${part}`);
  return place.directory;
}

/** Less where an earlier run left its modules: their number is not known, so a part's modules count as all or nothing. */
function needs({ pkg, mebibytes }: Recipe, go: GoToolchain, place: string): DiskNeed[] {
  const fetched = pkg !== "." && existsSync(join(go.moduleCache, "cache", "download", ...pkg.split("/").slice(0, 4)));
  return [
    { directory: go.moduleCache, mebibytes: fetched ? 0 : mebibytes.modules },
    { directory: go.buildCache, mebibytes: mebibytes.compile },
    { directory: place, mebibytes: 150 },
    { directory: tmpdir(), mebibytes: 170 },
  ];
}

function sum(wanted: readonly Recipe[]): number {
  return wanted.reduce((total, { seconds }) => total + seconds.modules + seconds.compile, 0);
}
