import { delimiter, dirname, resolve } from "node:path";
import { bundle } from "./bundle";
import { buildParts } from "./build-parts";
import { lookInCache } from "./cached";
import { downloadParts } from "./download-parts";
import type { Engine } from "./engine";
import { withEngineLock } from "./engine-lock";
import type { EngineOptions } from "./engine-options";
import { EngineUnavailable } from "./engine-unavailable";
import { pathDirectories } from "./executable";
import type { Found } from "./found";
import type { Job } from "./job";
import { installPlugin } from "./install-plugin";
import { lookOnPath } from "./look-on-path";
import { npmPackage } from "./npm-package";
import { engineCache } from "./part-directory";
import { type PartName, parts } from "./part";
import { stderrReporter } from "./stderr-reporter";
import { versions } from "./versions";

/**
 * Gives a Pulumi engine that can run Node.js programs with Hetzner resources: from the PATH, else from the
 * publisher's downloads, else built from Go modules, part by part. Downloads and builds are kept in the user's cache
 * (see `engineCache`); two calls at once share the work; an interrupted call is resumed by the next.
 *
 * @throws EngineUnavailable (NSPAWN_ENGINE_UNAVAILABLE) when a part can be had in none of the allowed ways.
 */
export async function ensureEngine(options: EngineOptions = {}): Promise<Engine> {
  const job = newJob(options);
  if (job.ways.includes("path")) await lookOnPath(job);
  lookInCache(job);
  if (missing(job).length > 0 && !options.lookOnly && job.ways.some((way) => way !== "path")) {
    const work = (reporter: Job["reporter"]) => getMissing({ ...job, reporter });
    await withEngineLock(job.cache, job.reporter, job.signal, work).finally(() => job.reporter.done());
  }
  const left = missing(job);
  if (left.length > 0) throw new EngineUnavailable(job.refusals.filter(({ part }) => left.includes(part)));
  bundle(job);
  return engine(job, options.pulumiHome);
}

/** `found` and `refusals` are shared with the caller's job. */
async function getMissing(job: Job): Promise<void> {
  lookInCache(job);
  if (job.ways.includes("download")) await downloadParts(job);
  if (job.ways.includes("build")) await buildParts(job);
}

function newJob(options: EngineOptions): Job {
  const { env = process.env, ways = ["path", "download", "build"], giveUpSeconds = 15, signal } = options;
  const root = resolve(options.root ?? ".");
  const site = "https://get.pulumi.com";
  return {
    root,
    env,
    cache: engineCache(env),
    ways,
    sites: { cli: site, plugins: site, ...options.sites },
    giveUpSeconds,
    hcloud: npmPackage("@pulumi/hcloud", root)?.version ?? versions.hcloud,
    reporter: options.reporter ?? stderrReporter(),
    signal,
    found: new Map(),
    refusals: [],
  };
}

function missing(job: Job): PartName[] {
  return parts.filter((part) => !job.found.has(part));
}

function engine({ env, found, hcloud }: Job, pulumiHome: string | undefined): Engine {
  const all = parts.map((part) => found.get(part)).filter((one): one is Found => one !== undefined);
  const of = <T>(value: (one: Found) => T) =>
    Object.fromEntries(all.map((one) => [one.part, value(one)])) as Record<PartName, T>;
  const programs = of(({ program }) => program);
  if (pulumiHome !== undefined) installPlugin(pulumiHome, "hcloud", hcloud, programs["pulumi-resource-hcloud"]);
  const onPath = all.filter(({ part }) => pulumiHome === undefined || part !== "pulumi-resource-hcloud");
  const path = [...new Set(onPath.map(({ program }) => dirname(program)))].join(delimiter);
  return {
    pulumi: programs.pulumi,
    path,
    // The plugins that we found or made are on the PATH; a user's setting that forbids these would start a download.
    env: {
      PATH: [path, ...pathDirectories(env)].filter((part) => part !== "").join(delimiter),
      PULUMI_SKIP_UPDATE_CHECK: "1",
      PULUMI_IGNORE_AMBIENT_PLUGINS: "false",
      ...(pulumiHome === undefined ? {} : { PULUMI_HOME: pulumiHome }),
    },
    source: of(({ way }) => way),
    programs,
  };
}
