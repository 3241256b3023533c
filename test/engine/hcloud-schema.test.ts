import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { dirname } from "node:path";
import { ensureEngine } from "../../engine";
import type { Engine } from "../../engine/engine";
import { engineCache } from "../../engine/part-directory";
import { npmPackage } from "../../engine/npm-package";
import { type Members, NpmClasses } from "./npm-classes";
import { type ObjectSchema, type ResourceSchema, schemaMembers, className } from "./schema-members";
import { Scratch } from "./scratch";

interface Schema {
  name: string;
  version: string;
  resources: Record<string, ResourceSchema>;
  provider: ResourceSchema;
  types: Record<string, ObjectSchema>;
}

const npm = new NpmClasses(dirname(require.resolve("@pulumi/hcloud/package.json")));
const scratch = new Scratch();
let schema: Schema;

// The real programs, where an earlier `npm start` or `npm run engine` got them; getting them here could take minutes.
const engineThere = existsSync(engineCache(process.env)) && readdirSync(engineCache(process.env)).some(isPlugin);
const withEngine = engineThere ? test : test.skip;
function isPlugin(name: string): boolean {
  return /^(build|download)-pulumi-resource-hcloud-\w+$/.test(name);
}

beforeAll(async () => {
  if (!engineThere) return;
  const engine: Engine = await ensureEngine({ lookOnly: true });
  const plugin = engine.programs["pulumi-resource-hcloud"];
  const env = { ...process.env, ...engine.env, PULUMI_HOME: scratch.path("home") };
  const args = ["package", "get-schema", plugin];
  const said = execFileSync(engine.pulumi, args, { env, encoding: "utf8", maxBuffer: 1 << 26 });
  schema = JSON.parse(said) as Schema;
}, 60_000);
afterAll(() => scratch.remove());

withEngine("the plugin has the version and the resources of the npm package", () => {
  expect([schema.name, schema.version]).toEqual(["hcloud", npmPackage("@pulumi/hcloud", process.cwd())?.version]);
  const tokens = Object.keys(schema.resources).map(className);
  expect([...tokens, "Provider"].sort()).toEqual(Object.keys(npm.classes).sort());
  expect(tokens.length).toBeGreaterThanOrEqual(29);
});

withEngine("each resource takes the inputs and gives the outputs that its npm class declares", () => {
  const fromPlugin: Record<string, Members> = {};
  const fromNpm: Record<string, Members> = {};
  for (const [token, resource] of Object.entries(schema.resources)) {
    const name = className(token);
    fromPlugin[`${name}Args`] = schemaMembers(resource.inputProperties, resource.requiredInputs, "in");
    fromNpm[`${name}Args`] = npm.interfaces[`${name}Args`] ?? {};
    if (npm.outputTypes[name] === undefined) continue;
    fromPlugin[name] = schemaMembers(resource.properties, resource.required, "out");
    fromNpm[name] = npm.classes[name] ?? {};
  }
  expect(Object.keys(fromNpm).length).toBeGreaterThan(20);
  expect(fromPlugin).toEqual(fromNpm);
});

withEngine("the provider takes the configuration of the npm package", () => {
  const { inputProperties, requiredInputs } = schema.provider;
  expect(schemaMembers(inputProperties, requiredInputs, "in")).toEqual(npm.interfaces["ProviderArgs"]);
});

withEngine("nested types are those of the npm package", () => {
  const fromPlugin: Record<string, Members> = {};
  const fromNpm: Record<string, Members> = {};
  for (const [token, type] of Object.entries(schema.types)) {
    const name = className(token);
    // What data sources ask for has the same name as what they give, and is not used by resources.
    if (npm.inputTypes[name] !== undefined && !name.startsWith("Get")) {
      fromPlugin[`input ${name}`] = schemaMembers(type.properties, type.required, "in");
      fromNpm[`input ${name}`] = npm.inputTypes[name];
    }
    if (npm.outputTypes[name] === undefined) continue;
    fromPlugin[name] = schemaMembers(type.properties, type.language?.nodejs?.requiredOutputs ?? type.required, "plain");
    fromNpm[name] = npm.outputTypes[name];
  }
  expect(Object.keys(fromNpm).length).toBeGreaterThan(20);
  expect(fromPlugin).toEqual(fromNpm);
});
