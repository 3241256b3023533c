import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { LabError } from "../core/lab-error";
import type { Progress } from "../core/progress";
import { run } from "../core/run";
import { withLock } from "../core/with-lock";
import { AptClient } from "./apt-client";
import { mirrorGroups } from "./contents";
import { indexEntry } from "./release-index";
import { mirrorSources, type MirrorSource } from "./sources";
import type { Suite } from "./suites";

/** Bump when the layout of the mirror changes. */
const layout = 1;

/** The folder with the partial mirror of a release, made if this cache has none for the present list of packages. */
export async function ensureMirror(suite: Suite, cache: string, progress: Progress): Promise<string> {
  const architecture = (await run(["dpkg", "--print-architecture"])).trim();
  const key = createHash("sha256")
    .update(JSON.stringify([layout, architecture, mirrorGroups]))
    .digest("hex")
    .slice(0, 16);
  const target = join(cache, `packages-${suite}-${key}`);
  if (existsSync(target)) return target;
  return withLock(cache, basename(target), async () => {
    if (!existsSync(target)) await build(suite, target, architecture, progress);
    return target;
  });
}

async function build(suite: Suite, target: string, architecture: string, progress: Progress): Promise<void> {
  const partial = `${target}.partial`; // kept over an interruption: apt goes on with the files that it has
  const sources = mirrorSources(suite);
  const clients = {
    all: new AptClient(join(partial, "all"), sources, architecture),
    release: new AptClient(join(partial, "release"), sources.slice(0, 1), architecture),
  };
  const step = progress.step(`packages of Debian ${suite} for the lab (once, about 250 MB)`);
  for (const apt of Object.values(clients))
    await apt.get(["update", "-o", "APT::Update::Error-Mode=any"]).catch((error: Error) => {
      throw new LabError(
        `the Debian mirror ${sources[0]?.uri} does not answer: ${error.message}\nCheck the network and apt's proxy setting, then start again.`,
      );
    });
  const root = join(partial, "root");
  rmSync(root, { recursive: true, force: true });
  let count = 0;
  for (const [index, group] of mirrorGroups.entries()) {
    const label = `group ${index + 1} of ${mirrorGroups.length}`;
    const apt = clients[group.versions];
    const wanted = [...(group.alone === true ? ["--no-install-recommends"] : []), ...group.packages];
    await apt.get(["install", "--download-only", ...wanted], (text) => step.update(`${label}, ${lastLine(text)}`));
    count += await layOutPackages(apt, wanted, sources, root);
  }
  for (const source of sources) await layOutSuite(clients.all, source, root, architecture);
  renameSync(root, target);
  rmSync(partial, { recursive: true, force: true });
  step.done(`${count} packages`);
}

const lastLine = (text: string): string => text.trim().split("\n").pop() ?? "";

/** Puts each archive under the path by which the index names it: what apt would fetch if it had nothing. Returns how many are new. */
async function layOutPackages(
  apt: AptClient,
  packages: readonly string[],
  sources: readonly MirrorSource[],
  root: string,
): Promise<number> {
  const text = await apt.get(["install", "--print-uris", "-o", `Dir::Cache::Archives=${apt.nowhere}`, ...packages]);
  let count = 0;
  for (const match of text.matchAll(/^'([^']+)' (\S+) \d+/gm)) {
    const [, uri = "", name = ""] = match;
    const source = sources.find((candidate) => uri.startsWith(`${candidate.uri}/`));
    if (!source) continue;
    const path = join(root, source.folder, decodeURIComponent(uri.slice(source.uri.length + 1)));
    if (existsSync(path)) continue;
    mkdirSync(dirname(path), { recursive: true });
    linkSync(join(apt.archives, name), path);
    count++;
  }
  return count;
}

/** Debian's own signed index and the lists that it names, byte for byte, so that signatures hold inside the lab. */
async function layOutSuite(apt: AptClient, source: MirrorSource, root: string, architecture: string): Promise<void> {
  const prefix = `${source.uri.replace(/^https?:\/\//, "").replaceAll("/", "_")}_dists_${source.suite}_`;
  const list = (suffix: string) => join(apt.lists, prefix + suffix);
  if (!existsSync(list("InRelease")))
    throw new LabError(
      `apt kept no InRelease of ${source.uri} ${source.suite}: found ${readdirSync(apt.lists).join(", ")}`,
    );
  const dists = join(root, source.folder, "dists", source.suite);
  const folder = join(dists, "main", `binary-${architecture}`);
  mkdirSync(join(folder, "by-hash", "SHA256"), { recursive: true });
  copyFileSync(list("InRelease"), join(dists, "InRelease"));
  const release = readFileSync(join(dists, "InRelease"), "utf8");
  const place = (entry: string): string => {
    const hash = indexEntry(release, `main/binary-${architecture}/${entry}`);
    linkSync(join(folder, entry), join(folder, "by-hash", "SHA256", hash));
    return hash;
  };
  const plain = list(`main_binary-${architecture}_Packages`);
  if (existsSync(plain)) copyFileSync(plain, join(folder, "Packages"));
  else writeFileSync(join(folder, "Packages"), "");
  place("Packages");
  const name = "Packages.xz";
  const hash = indexEntry(release, `main/binary-${architecture}/${name}`);
  await apt.download(
    `${source.uri}/dists/${source.suite}/main/binary-${architecture}/by-hash/SHA256/${hash}`,
    join(folder, name),
    hash,
  );
  place(name);
}
