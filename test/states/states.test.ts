import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as handlers from "../../provider/handlers";
import type { Properties } from "../../provider/handlers/state";
import { runProgram, withoutSecrets, type Modules, type Registered } from "../resources/run-program";
import { asRecorded, recorded, recordedStates, told, toldInFull, type Told } from "./recorded";

jest.setTimeout(60_000);

const prefix = "pulumi-nodejs:dynamic/nspawn:";
type Handler = Pick<(typeof handlers)["nspawnMachine"], "check" | "diff">;

const handlerOf = (type: string): Handler => {
  const name = type.slice(prefix.length);
  const handler = (handlers as unknown as Record<string, Handler>)[`${name[0]?.toLowerCase()}${name.slice(1)}`];
  if (handler === undefined) throw new Error(`no handler for ${type}`);
  return handler;
};

/** What today's components make of a recorded program, where the cloud answers as it is recorded. */
async function registeredToday(version: string, name: string, { spec, publicKey }: Told): Promise<Registered[]> {
  const state = recorded(version, name);
  const directory = mkdtempSync(join(tmpdir(), "states-"));
  const environment = { NSPAWN_TEST_SPEC: join(directory, "spec"), NSPAWN_PUBLIC_KEY_FILE: join(directory, "key") };
  writeFileSync(environment.NSPAWN_TEST_SPEC, JSON.stringify(spec));
  writeFileSync(environment.NSPAWN_PUBLIC_KEY_FILE, publicKey);
  const before = { ...process.env };
  Object.assign(process.env, environment);
  const known = (type: string, resource: string) => {
    const found = state.find((entry) => entry.type === type && entry.urn.endsWith(`::${resource}`));
    return found?.id === undefined ? undefined : { id: found.id, state: { ...found.inputs, ...found.outputs } };
  };
  try {
    return await runProgram(runLabProgram, { place: { project: "nspawn-test", stack: "main", known } });
  } finally {
    process.env = before;
    rmSync(directory, { recursive: true });
  }
}

function runLabProgram({ pulumi, hcloud, nspawn }: Modules): void {
  jest.isolateModules(() => {
    jest.doMock("@pulumi/pulumi", () => pulumi);
    jest.doMock("@pulumi/hcloud", () => hcloud);
    jest.doMock("pulumi-nspawn", () => nspawn);
    jest.requireActual("../support/program/index.js");
  });
}

describe.each(recordedStates)("the state of %s, %s", (version, name) => {
  const before = recorded(version, name).filter(({ type }) => type.startsWith(prefix));
  let today: Registered[];

  beforeAll(async () => {
    today = (await registeredToday(version, name, toldInFull(version))).filter(({ type }) => type.startsWith(prefix));
  });

  const of = (urn: string): Registered => {
    const found = today.find(({ type, name: resource }) => urn.endsWith(`${type}::${resource}`));
    if (found === undefined) throw new Error(`today's program does not declare ${urn}`);
    return found;
  };

  test("has a resource for each that today's program declares, and the other way round", () => {
    expect(before.length).toBeGreaterThanOrEqual(6);
    expect(before.map(({ urn }) => of(urn).name).sort()).toEqual(today.map(({ name: resource }) => resource).sort());
  });

  test.each(before.map(({ urn }) => [urn.split("dynamic/nspawn:")[1], urn]))(
    "finds %s as it is wanted",
    async (_short, urn) => {
      const { type, id = "", inputs = {}, outputs = {} } = before.find((entry) => entry.urn === urn)!;
      const handler = handlerOf(type);
      const checked = await handler.check(inputs, withoutSecrets(of(urn).inputs) as Properties);
      expect(checked.failures).toEqual([]);
      expect(await handler.diff(id, outputs, checked.inputs)).toMatchObject({ changes: false, replaces: [] });
      // What a preview would print as lines.
      for (const part of ["files", "secretFiles", "boot", "live"]) expect(checked.inputs[part]).toEqual(inputs[part]);
    },
  );
});

test.each(recordedStates)("the state of %s, %s, is updated in place to a protected bridge", async (version, name) => {
  const before = recorded(version, name).filter(({ type }) => type.startsWith(prefix));
  const today = await registeredToday(version, name, told(version));
  const changed: string[] = [];
  for (const { urn, type, id = "", inputs = {}, outputs = {} } of before) {
    const wanted = today.find((entry) => entry.type === type && urn.endsWith(`::${entry.name}`));
    const checked = await handlerOf(type).check(inputs, withoutSecrets(wanted?.inputs) as Properties);
    const { changes, replaces } = await handlerOf(type).diff(id, outputs, checked.inputs);
    expect([urn, replaces]).toEqual([urn, []]);
    if (changes) changed.push(type.slice(prefix.length));
  }
  expect(changed).toEqual(["BridgeNetwork", "NspawnMachine"]);
});

test("what is a default today changes machines in place, and shows the lines", async () => {
  const [version, name] = recordedStates[0]!;
  const type = `${prefix}NspawnMachine`;
  const { id = "", inputs = {}, outputs = {} } = recorded(version, name).find((entry) => entry.type === type)!;
  const today = (await registeredToday(version, name, told(version))).find((entry) => entry.type === type)!;
  const checked = await handlers.nspawnMachine.check(inputs, withoutSecrets(today.inputs) as Properties);
  expect(await handlers.nspawnMachine.diff(id, outputs, checked.inputs)).toMatchObject({ changes: true, replaces: [] });
  const lines = (properties: Properties): string[] =>
    (properties.files as Record<string, string>)["/etc/systemd/nspawn/web.nspawn"]!.split("\n");
  const before = lines(inputs);
  expect(lines(checked.inputs).filter((line) => !before.includes(line))).toEqual([
    expect.stringMatching(/^DropCapability=/),
    expect.stringMatching(/^SystemCallFilter=~/),
  ]);
});

test.each(recordedStates)("a new script of the library's own changes the host of %s, %s, in place", async (version, name) => {
  const type = `${prefix}NspawnHost`;
  const state = recorded(version, name, asRecorded(version, name));
  const { id = "", inputs = {}, outputs = {} } = state.find((entry) => entry.type === type)!;
  const today = (await registeredToday(version, name, toldInFull(version))).find((entry) => entry.type === type)!;
  const checked = await handlers.nspawnHost.check(inputs, withoutSecrets(today.inputs) as Properties);
  expect(await handlers.nspawnHost.diff(id, outputs, checked.inputs)).toMatchObject({ changes: true, replaces: [] });
});

test("a difference would be found", async () => {
  const [version, name] = recordedStates[0]!;
  const machine = recorded(version, name).find(({ type }) => type === `${prefix}NspawnMachine`)!;
  const { nspawnMachine } = handlers;
  const { inputs } = await nspawnMachine.check(machine.inputs ?? {}, { ...machine.inputs, hostname: "other" });
  expect(await nspawnMachine.diff("", machine.outputs ?? {}, inputs)).toMatchObject({ changes: true, replaces: [] });
});
