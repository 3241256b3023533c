import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Archive } from "./archive";
import { archives } from "./archives";
import { cachePlaces } from "./cached";
import { fetchArchive, SiteUnreachable } from "./fetch-archive";
import type { Job } from "./job";
import { keep } from "./keep";
import { programVersion } from "./program-version";
import { unpack } from "./unpack";
import { messageOf } from "./message-of";

/** The second way: the publisher's archives. One site that cannot be reached ends it for all that is left. */
export async function downloadParts(job: Job): Promise<void> {
  let unreachable: string | undefined;
  for (const archive of archives(job)) {
    const missing = archive.parts.filter((part) => !job.found.has(part));
    if (missing.length === 0) continue;
    const refuse = (why: string) => missing.forEach((part) => job.refusals.push({ part, way: "download", why }));
    if (unreachable !== undefined) {
      refuse(`not tried, for ${unreachable}`);
      continue;
    }
    try {
      await downloadArchive(job, archive);
    } catch (error) {
      job.signal?.throwIfAborted();
      const why = messageOf(error);
      if (error instanceof SiteUnreachable) job.reporter.note(`No download: ${(unreachable = why)}.`);
      refuse(why);
    }
  }
}

async function downloadArchive(job: Job, archive: Archive): Promise<void> {
  const place = cachePlaces(job).find(({ way, parts }) => way === "download" && parts[0] === archive.parts[0]);
  if (place === undefined) throw new Error(`no place in the cache for ${archive.title}`);
  const work = `${place.directory}.part`;
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  const body = await fetchArchive({
    url: archive.url,
    seconds: job.giveUpSeconds,
    signal: job.signal,
    progress: reportBytes(job, archive.title),
  });
  await unpack(body, archive.parts, work);
  await check(job, archive, work);
  keep(work, place.directory);
  for (const part of archive.parts) {
    if (!job.found.has(part)) job.found.set(part, { part, way: "download", program: join(place.directory, part) });
  }
}

function reportBytes({ reporter }: Job, title: string): (got: number, total: number | undefined) => void {
  const begin = Date.now();
  return (got, total) => {
    const fraction = total === undefined ? 0 : got / total;
    const secondsLeft = fraction > 0 ? ((Date.now() - begin) / 1000 / fraction) * (1 - fraction) : 60;
    reporter.step({ what: `downloading ${title}, ${(got / 1e6).toFixed(0)} MB so far`, fraction, secondsLeft });
  };
}

/** An archive that was cut or is another version shows here, before anything is kept. */
async function check({ env }: Job, { parts, version, ask, url }: Archive, directory: string): Promise<void> {
  const said = await programVersion(join(directory, parts[0] ?? ""), ask, env);
  if ("why" in said) throw new Error(`${url}: ${said.why}`);
  if (said.version !== version) throw new Error(`${url} holds version ${said.version}, not ${version}`);
}
