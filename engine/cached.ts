import { existsSync } from "node:fs";
import { join } from "node:path";
import { archives } from "./archives";
import type { Job } from "./job";
import { partDirectory } from "./part-directory";
import type { PartName } from "./part";
import { recipes } from "./recipes";
import type { Source } from "./source";

/** Where a part lies in the cache once it was downloaded or built. */
export interface CachePlace {
  way: Source;
  parts: readonly PartName[];
  directory: string;
}

/** The places of this version of the code, in the order in which they are preferred. */
export function cachePlaces(job: Pick<Job, "cache" | "sites" | "hcloud">): CachePlace[] {
  return [
    ...archives(job).map(({ parts, version }) => ({
      way: "download" as const,
      parts,
      directory: partDirectory(job.cache, `download-${parts[0]}`, version),
    })),
    ...recipes().map((recipe) => ({
      way: "build" as const,
      parts: [recipe.part],
      directory: partDirectory(job.cache, `build-${recipe.part}`, [recipe.files, recipe.pkg, recipe.stamp]),
    })),
  ];
}

/** Takes from the cache what an earlier run put there, for parts that are still missing. */
export function lookInCache(job: Job): void {
  for (const { way, parts, directory } of cachePlaces(job)) {
    if (!job.ways.includes(way)) continue;
    for (const part of parts) {
      const program = join(directory, part);
      if (!job.found.has(part) && existsSync(program)) job.found.set(part, { part, way, program });
    }
  }
}
