import { readlinkSync } from "node:fs";
import { delimiter, join } from "node:path";
import { ensureEngine } from "../../engine";
import { Scratch } from "./scratch";

const root = process.cwd();
let scratch: Scratch;
beforeEach(() => (scratch = new Scratch()));
afterEach(() => scratch.remove());

function install(cli: string, hcloud = "v1.41.0"): NodeJS.ProcessEnv {
  scratch.program("cli", "pulumi", cli);
  scratch.program("cli", "pulumi-language-nodejs", "");
  scratch.program("plugins", "pulumi-resource-hcloud", hcloud);
  return scratch.env([scratch.path("cli"), scratch.path("plugins"), "/usr/bin"].join(delimiter));
}

test("takes all from the PATH, and nothing is written", async () => {
  const engine = await ensureEngine({ root, env: install("v3.216.0"), ways: ["path"] });
  expect(new Set(Object.values(engine.source))).toEqual(new Set(["path"]));
  expect(engine.pulumi).toBe(scratch.path("cli", "pulumi"));
  expect(engine.programs["pulumi-resource-pulumi-nodejs"]).toMatch(/@pulumi\/pulumi\/pulumi-resource-pulumi-nodejs$/);
  expect(engine.env["PATH"]?.split(delimiter)).toEqual(expect.arrayContaining([scratch.path("plugins"), "/usr/bin"]));
  expect(engine.env["PULUMI_IGNORE_AMBIENT_PLUGINS"]).toBe("false");
});

test.each([
  ["v3.215.9", "v1.41.0", "is 3.215.9; needed is 3.x from 3.216.0 on"],
  ["v4.0.0", "v1.41.0", "is 4.0.0; needed"],
  ["nonsense", "v1.41.0", "did not print a version"],
  ["v3.258.0", "v1.40.0", "is 1.40.0; the npm package needs 1.41.0"],
])("refuses CLI %s with plugin %s", async (cli, hcloud, why) => {
  const attempt = ensureEngine({ root, env: install(cli, hcloud), ways: ["path"] });
  await expect(attempt).rejects.toMatchObject({
    code: "NSPAWN_ENGINE_UNAVAILABLE",
    message: expect.stringContaining(why),
  });
});

test("a plugin that Pulumi itself installed is enough, wherever PULUMI_HOME is", async () => {
  const env = { ...install("v3.258.0", "v1.40.0"), PULUMI_HOME: scratch.path("home") };
  scratch.program("home/plugins/resource-hcloud-v1.41.0", "pulumi-resource-hcloud", "v1.41.0");
  const engine = await ensureEngine({ root, env, ways: ["path"] });
  expect(engine.programs["pulumi-resource-hcloud"]).toBe(
    scratch.path("home/plugins/resource-hcloud-v1.41.0/pulumi-resource-hcloud"),
  );
  expect(engine.path).toContain("resource-hcloud-v1.41.0");
});

test("a language host without a fitting CLI is not taken", async () => {
  const env = install("v3.100.0");
  await expect(ensureEngine({ root, env, ways: ["path"] })).rejects.toMatchObject({
    refusals: expect.arrayContaining([
      { part: "pulumi-language-nodejs", way: "path", why: "is taken only together with the CLI" },
    ]),
  });
});

test("with a PULUMI_HOME of the caller's the plugin is installed there, and follows when it moves", async () => {
  const pulumiHome = scratch.path("own-home");
  const env = install("v3.258.0");
  const engine = await ensureEngine({ root, env, ways: ["path"], pulumiHome });
  const installed = join(pulumiHome, "plugins", "resource-hcloud-v1.41.0", "pulumi-resource-hcloud");
  expect(readlinkSync(installed)).toBe(scratch.path("plugins", "pulumi-resource-hcloud"));
  expect(engine.env["PULUMI_HOME"]).toBe(pulumiHome);
  expect(engine.path.split(delimiter)).not.toContain(scratch.path("plugins"));
  scratch.program("other", "pulumi-resource-hcloud", "v1.41.0");
  const moved = { ...env, PATH: `${scratch.path("other")}${delimiter}${env["PATH"]}` };
  await ensureEngine({ root, env: moved, ways: ["path"], pulumiHome });
  expect(readlinkSync(installed)).toBe(scratch.path("other", "pulumi-resource-hcloud"));
});
