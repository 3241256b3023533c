import { copyFileSync, existsSync, linkSync, mkdirSync, mkdtempSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Job } from "./job";
import { keep } from "./keep";
import { partDirectory } from "./part-directory";
import type { PartName } from "./part";

/** What a published CLI has beside it; the engine warns when it has to take these from elsewhere. */
const together: readonly PartName[] = ["pulumi", "pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"];

/** Puts our CLI and its companions into one directory of the cache, and lets `found` point there. */
export function bundle(job: Job): void {
  const members = together.flatMap((part) => job.found.get(part) ?? []);
  if (members.length < together.length || job.found.get("pulumi")?.way === "path") return;
  const script = job.found.get("pulumi-resource-pulumi-nodejs")?.program ?? "";
  const content = [...members.slice(0, 2).map(({ program }) => program), readFileSync(script, "utf8")];
  const place = partDirectory(job.cache, "bundle", content);
  if (!existsSync(place)) {
    mkdirSync(job.cache, { recursive: true });
    const work = mkdtempSync(`${place}.part-`);
    for (const { part, program } of members) linkOrCopy(program, join(work, part));
    keep(work, place);
  }
  for (const found of members) job.found.set(found.part, { ...found, program: join(place, found.part) });
}

/** A symbolic link would not do: the CLI looks beside the file that it really is. */
function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}
