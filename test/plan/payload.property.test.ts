import { Readable } from "node:stream";
import { text as textOf } from "node:stream/consumers";
import fc from "fast-check";
import { extract } from "tar-stream";
import type { MachineArgs } from "../../provider/model/args";
import { encodeFields, encodeSteps } from "../../provider/plan/encode";
import { planMachine } from "../../provider/plan/plan-machine";
import type { Program } from "../../provider/plan/program";
import { recordText } from "../../provider/plan/record";
import { hostProgram } from "../../provider/host/program";
import { payload } from "../../provider/remote/payload";
import { desiredMachine } from "../../provider/render/desired-machine";
import { machineArguments } from "../support/arguments";

const runs = { seed: 20261126, numRuns: 1000 };
const call = { issued: 1, token: "t", window: 90, patience: 60 };

/** What a host unpacks: files by name. */
async function unpacked(program: Program): Promise<Record<string, string>> {
  const chunks: Buffer[] = [];
  for await (const chunk of payload(program, call)) chunks.push(chunk as Buffer);
  const whole = Buffer.concat(chunks);
  const line = whole.indexOf("\n");
  const archive = whole.subarray(line + 1);
  expect(Number(whole.subarray(0, line))).toBe(archive.length);
  const files: Record<string, string> = {};
  const reader = extract();
  reader.on("entry", (header, stream, next) => {
    void textOf(stream as unknown as Readable).then((content) => {
      if (header.type === "file") files[header.name] = content;
      next();
    });
  });
  await new Promise<void>((resolve, reject) =>
    reader
      .on("finish", () => resolve())
      .on("error", reject)
      .end(archive),
  );
  return files;
}

/** What the host's shell makes of a line. */
const fields = (line: string): string[] => line.split("\t");

describe("a program on its way to the host", () => {
  it("arrives as the same texts, whatever they hold, beside a script that is always the same", async () => {
    const text = fc.oneof(fc.string({ unit: "binary" }), fc.string()).filter((value) => !/\p{Surrogate}/u.test(value));
    const texts = fc.dictionary(fc.stringMatching(/^[a-z0-9][a-z0-9.-]{0,12}$/), text, { maxKeys: 4 });
    await fc.assert(
      fc.asyncProperty(texts, async (given) => {
        const files = await unpacked({ steps: [{ verb: "lock" }], texts: given, deadline: 1 });
        const { script: sent, call: _, fields: names, steps, ...rest } = files;
        expect([sent === hostProgram(), names === encodeFields(), steps]).toEqual([true, true, "lock\n"]);
        expect(rest).toEqual(
          Object.fromEntries(Object.entries(given).map(([name, value]) => [`texts/${name}`, value])),
        );
      }),
      { ...runs, numRuns: 200 },
    );
  });

  it("has one line per step, whose fields are the step's own", () => {
    const field = fc.stringMatching(/^[ -~]{1,20}$/);
    fc.assert(
      fc.property(fc.array(fc.tuple(field, field, field)), (given) => {
        const steps = given.map(([key, machine, destination]) => ({
          verb: "depart" as const,
          key,
          machine,
          destination,
        }));
        const lines = encodeSteps(steps).split("\n").slice(0, -1).map(fields);
        expect(lines).toEqual(given.map((values) => ["depart", ...values]));
      }),
      runs,
    );
  });

  it("of any machine names texts that are there, and verbs that the script has", () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,11}$/);
    const hostname = fc.stringMatching(/^[a-z]{1,20}$/);
    const dns = fc.uniqueArray(fc.ipV4(), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(name, hostname, dns, (machine, host, servers) => {
        const args = machineArguments({ name: machine, hostname: host, dns: servers }) as unknown as MachineArgs;
        const program = planMachine(args, desiredMachine(args), {});
        for (const [verb = "", ...values] of encodeSteps(program.steps).trimEnd().split("\n").map(fields)) {
          expect(hostProgram()).toContain(`\nstep_${verb}() {`);
          const named = values.filter((value) => /^t[0-9a-f]{16}$/.test(value));
          expect(named.filter((text) => !(text in program.texts))).toEqual([]);
        }
      }),
      { ...runs, numRuns: 300 },
    );
  });
});

describe("the record that a host keeps", () => {
  it("has one line per thing, whatever an owner is called", () => {
    const owner = fc.stringMatching(/^[^\x00-\x1f\x7f]{1,40}$/);
    fc.assert(
      fc.property(owner, fc.uniqueArray(fc.stringMatching(/^\/[a-z/]{1,20}$/)), (name, paths) => {
        const desired = {
          files: Object.fromEntries(paths.map((path) => [path, "x"])),
          secretFiles: {},
          boot: {},
          live: {},
        };
        const lines = recordText({ owner: name, object: "host", urn: "" }, desired)
          .split("\n")
          .slice(0, -1)
          .map(fields);
        expect(lines).toEqual([
          ["owner", name],
          ["object", "host"],
          ["urn", "-"],
          ...[...paths].sort().map((path) => ["file", path]),
        ]);
      }),
      runs,
    );
  });
});
