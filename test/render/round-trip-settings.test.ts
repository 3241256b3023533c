import fc from "fast-check";
import type { MachineArgs } from "../../provider/model/args";
import { capabilities } from "../../provider/model/capabilities";
import { deniedCalls, droppedCapabilities } from "../../provider/model/confinement";
import type { BindSettings } from "../../provider/model/container-args";
import { parseMachine } from "../../provider/model/parse-machine";
import { machineLimits, nspawnFile } from "../../provider/model/paths";
import { callGroups, calls } from "../../provider/model/system-calls";
import { desiredMachine } from "../../provider/render/desired-machine";
import { machineArgs } from "../support/sample";
import { parseIni } from "./ini";

const runs = { seed: 20261126, numRuns: 1000 };

const part = fc.stringMatching(/^[A-Za-z0-9_@+-][A-Za-z0-9_@+.-]{0,8}$/);
const path = (root: string): fc.Arbitrary<string> =>
  fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => `${root}/${parts.join("/")}`);
const source = fc.constantFrom("/data", "/home", "/media", "/mnt", "/opt", "/srv").chain(path);
const mount = fc.record(
  { source, target: path("/in"), map: fc.constant("rootidmap" as const) },
  { requiredKeys: ["source"] },
) as fc.Arbitrary<BindSettings>;
const value = fc
  .string({ unit: "grapheme", maxLength: 20 })
  .filter((text) => !/[\x00-\x1f\x7f-\x9f\u2028\u2029"'\\]/.test(text));
const call = fc.tuple(fc.constantFrom("", "~"), fc.constantFrom(...calls, ...callGroups)).map((both) => both.join(""));

const settings = fc.record(
  {
    exec: fc.record(
      {
        capability: fc.uniqueArray(fc.constantFrom(...capabilities.slice(0, 20)), { maxLength: 5 }),
        dropCapability: fc.uniqueArray(fc.constantFrom(...capabilities.slice(20)), { maxLength: 5 }),
        noNewPrivileges: fc.boolean(),
        systemCallFilter: fc.uniqueArray(call, { maxLength: 5 }),
        environment: fc.dictionary(fc.stringMatching(/^V[A-Z_]{0,8}[0-9]?$/), value, {
          maxKeys: 4,
          noNullPrototype: true,
        }),
        limitNOFILE: fc.integer({ min: 1024, max: 1048576 }),
      },
      { requiredKeys: [] },
    ),
    files: fc.record(
      {
        bind: fc.uniqueArray(mount, { maxLength: 3, selector: (one) => one.target ?? one.source }),
        temporaryFileSystem: fc.uniqueArray(path("/tmpfs"), { maxLength: 3 }),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: [] },
);

const machine = fc.record({ settings, confined: fc.boolean() }).map((given): MachineArgs => machineArgs(given));

function sections(args: MachineArgs, file: string): Map<string, [string, string][]> {
  const parsed = parseMachine(args);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return new Map(parseIni(desiredMachine(parsed.value).files[file] ?? ""));
}

const valuesOf = (keys: [string, string][] | undefined, name: string): string[] =>
  (keys ?? []).filter(([key]) => key === name).map(([, text]) => text);
const words = (lines: string[]): string[] => lines.flatMap((line) => line.split(" "));

const environmentLines = (environment: Record<string, string> = {}): string[] =>
  Object.entries(environment)
    .map((pair) => `"${pair.join("=")}"`)
    .sort();
const bindLines = (bind: BindSettings[] = []): string[] =>
  bind.map(({ source, target = source, map }) => [source, target, map ?? []].flat().join(":"));

describe("what is written for any accepted settings", () => {
  it("has no other section, and reads back as what was meant", () => {
    fc.assert(
      fc.property(machine, (args) => {
        const all = sections(args, nspawnFile("web"));
        expect([...all.keys()]).toEqual(["Exec", "Files", "Network"]);
        const [exec, files] = [all.get("Exec"), all.get("Files")];
        const { exec: given = {}, files: mounted = {} } = args.settings ?? {};
        expect(words(valuesOf(exec, "Capability"))).toEqual([...(given.capability ?? [])].sort());
        const usual = args.confined ? droppedCapabilities.filter((name) => !given.capability?.includes(name)) : [];
        expect(words(valuesOf(exec, "DropCapability"))).toEqual(
          [...new Set([...usual, ...(given.dropCapability ?? [])])].sort(),
        );
        expect(valuesOf(exec, "NoNewPrivileges")).toEqual(given.noNewPrivileges ? ["yes"] : []);
        expect(valuesOf(exec, "Environment").sort()).toEqual(environmentLines(given.environment));
        expect(valuesOf(files, "Bind")).toEqual(bindLines(mounted.bind));
        expect(valuesOf(files, "TemporaryFileSystem")).toEqual(mounted.temporaryFileSystem ?? []);
        expect(valuesOf(exec, "PrivateUsers")).toEqual(["pick"]);
      }),
      runs,
    );
  });

  it("denies what is denied, and what nobody asked for", () => {
    fc.assert(
      fc.property(machine, (args) => {
        const lines = valuesOf(sections(args, nspawnFile("web")).get("Exec"), "SystemCallFilter");
        const given = args.settings?.exec?.systemCallFilter ?? [];
        const allowed = given.filter((name) => !name.startsWith("~"));
        const denied = given.filter((name) => name.startsWith("~")).map((name) => name.slice(1));
        const usual = args.confined ? deniedCalls.filter((name) => !allowed.includes(name)) : [];
        expect(words(lines.filter((line) => !line.startsWith("~")))).toEqual(allowed.sort());
        expect(words(lines.filter((line) => line.startsWith("~")).map((line) => line.slice(1)))).toEqual(
          [...new Set([...usual, ...denied])].sort(),
        );
      }),
      runs,
    );
  });

  it("lets no part of a mounted path be a link", () => {
    fc.assert(
      fc.property(machine, (args) => {
        const unit = sections(args, machineLimits("web")).get("Unit");
        const asserted = valuesOf(unit, "AssertPathIsSymbolicLink");
        for (const { source: from } of args.settings?.files?.bind ?? [])
          for (let end = from.indexOf("/", 1); end > 0; end = from.indexOf("/", end + 1))
            expect(asserted).toContain(`!${from.slice(0, end)}`);
        for (const { source: from } of args.settings?.files?.bind ?? []) expect(asserted).toContain(`!${from}`);
      }),
      runs,
    );
  });
});
