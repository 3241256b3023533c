import { realpathSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { executable, pathDirectories } from "./executable";
import type { Job } from "./job";
import { npmPackage } from "./npm-package";
import type { PartName } from "./part";
import { programVersion } from "./program-version";
import { versionAtLeast } from "./version-at-least";
import { versions } from "./versions";

type Look = (job: Job) => Promise<{ program: string } | { why: string }>;

const looks: Record<PartName, Look> = {
  pulumi: lookForCli,
  "pulumi-language-nodejs": lookForLanguageHost,
  "pulumi-resource-pulumi-nodejs": lookForDynamicProviders,
  "pulumi-resource-hcloud": lookForHcloud,
};

/** The first way: programs that are there already, on the PATH or where Pulumi itself puts them. */
export async function lookOnPath(job: Job): Promise<void> {
  for (const [part, look] of Object.entries(looks) as [PartName, Look][]) {
    const result = await look(job);
    if ("program" in result) job.found.set(part, { part, way: "path", program: result.program });
    else job.refusals.push({ part, way: "path", why: result.why });
  }
}

async function lookForCli({ env }: Job): ReturnType<Look> {
  const places = [...pathDirectories(env), join(pulumiHome(env), "bin")];
  const program = executable("pulumi", places);
  if (program === undefined) return { why: `no pulumi on the PATH or in ${places.at(-1)}` };
  const said = await programVersion(program, ["version"], env);
  if ("why" in said) return said;
  if (versionAtLeast(said.version, versions.pulumiAtLeast)) return { program };
  return { why: `${program} is ${said.version}; needed is 3.x from ${versions.pulumiAtLeast} on` };
}

/** Only together with the CLI: a language host without a fitting CLI is a leftover of another version. */
function lookForLanguageHost(job: Job): ReturnType<Look> {
  const cli = job.found.get("pulumi");
  if (cli === undefined) return Promise.resolve({ why: "is taken only together with the CLI" });
  return Promise.resolve(besideOrOnPath("pulumi-language-nodejs", cli.program, job.env));
}

/**
 * A script that loads the SDK of the program that it is started for. A published CLI has it beside it; the npm package
 * carries it as well.
 */
function lookForDynamicProviders({ root, env, found }: Job): ReturnType<Look> {
  const name = "pulumi-resource-pulumi-nodejs";
  const cli = found.get("pulumi");
  const npm = npmPackage("@pulumi/pulumi", root);
  const places = [...(cli ? beside(cli.program) : []), ...(npm ? [npm.directory] : []), ...pathDirectories(env)];
  const program = executable(name, places);
  if (program !== undefined) return Promise.resolve({ program });
  return Promise.resolve({
    why: `no ${name} on the PATH, and no npm package @pulumi/pulumi in ${root} (run npm install)`,
  });
}

async function lookForHcloud({ env, hcloud }: Job): ReturnType<Look> {
  const name = "pulumi-resource-hcloud";
  const installed = executable(name, [join(pulumiHome(env), "plugins", `resource-hcloud-v${hcloud}`)]);
  if (installed !== undefined) return { program: installed };
  const program = executable(name, pathDirectories(env));
  if (program === undefined)
    return { why: `no ${name} ${hcloud} on the PATH or in ${join(pulumiHome(env), "plugins")}` };
  const said = await programVersion(program, ["--version"], env);
  if ("why" in said) return said;
  return said.version === hcloud
    ? { program }
    : { why: `${program} is ${said.version}; the npm package needs ${hcloud}` };
}

function besideOrOnPath(name: PartName, cli: string, env: NodeJS.ProcessEnv): { program: string } | { why: string } {
  const places = [...beside(cli), ...pathDirectories(env)];
  const program = executable(name, places);
  return program === undefined ? { why: `no ${name} beside ${cli} or on the PATH` } : { program };
}

function beside(program: string): string[] {
  return [dirname(program), dirname(realpathSync(program))];
}

function pulumiHome(env: NodeJS.ProcessEnv): string {
  return env["PULUMI_HOME"] || join(env["HOME"] || homedir(), ".pulumi");
}
