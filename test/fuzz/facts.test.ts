import fc from "fast-check";
import { understood } from "../../provider/handlers/understood";
import type { BridgeArgs, HostArgs, MachineArgs } from "../../provider/model/args";
import type { Desired } from "../../provider/model/desired";
import { found, isGone } from "../../provider/observe/found";
import { parseFacts } from "../../provider/observe/facts/parse-facts";
import { portToOutside } from "../../provider/observe/uplink";
import { uplinkAddresses } from "../../provider/observe/uplink-addresses";
import { rawFacts } from "../../provider/remote/raw-facts";
import { desiredBridge } from "../../provider/render/desired-bridge";
import { desiredHost } from "../../provider/render/desired-host";
import { desiredMachine } from "../../provider/render/desired-machine";
import { bridgeArguments, common, machineArguments } from "../support/arguments";
import { fileList, textList } from "../support/file-list";
import { Campaign } from "./campaign";
import { mutated, mutations, type Mutation } from "./mutation";
import { rawTexts } from "./raw-texts";

jest.setTimeout(3_600_000);

const runs = Math.ceil(Campaign.runs / 5);
const campaign = new Campaign("facts of hosts");
afterAll(() => campaign.tell());

const machine = desiredMachine(machineArguments({ rootPassword: "$6$salt$hash" }) as unknown as MachineArgs);
const bridge = desiredBridge(bridgeArguments() as unknown as BridgeArgs);
const host = desiredHost({ ...common("host", "h"), packages: [], sysctls: {}, resolved: true } as unknown as HostArgs);
const all = [machine, bridge, host];
const paths = [...new Set(all.flatMap(({ files }) => Object.keys(files)))];
const wanted = new Set(all.flatMap(({ files }) => Object.values(files)));

const snippets = [
  ...["{}", "[]", "null", "[null]", '"x"', '{"__proto__":{"a":1}}', '"dst":7,', '"dev":[],', '{"dst":"default","dev":"a"},', "[".repeat(2000)],
  ...['"local":"2001:db8::zz",', '"prefixlen":-1,', '"metric":1e400,', '"ifname":"__proto__",', "\\u001b[2J", "\\ud800", '"constructor":"x",'],
  ...["\n", "\t", "\0", "key\t", "Id=", "\u001b]0;x\u0007", "\u202e", "constructor", "*a*a*a*a*a*a*a*a*a*a", "[z-a]", "\\", "1".repeat(3000)],
]; // prettier-ignore

const changes = mutations(snippets);
const text = fc.constantFrom(...Object.keys(rawTexts));
const several = fc.array(fc.tuple(text, changes), { minLength: 1, maxLength: 3 });
const file = fc.record({
  path: fc.constantFrom(
    ...paths,
    "/var/lib/machines/web",
    "/var/lib/machines/web/etc/shadow",
    "/etc/pulumi-nspawn/uplink",
  ),
  kind: fc.constantFrom("file", "file", "file", "link", "fifo", "large", "behind", "directory", "odd"),
  body: fc.oneof(
    fc.constantFrom(...wanted, "root:$6$x\u001b[2J:1\n", "uplink='e\u001b[2J'\n", ""),
    fc.string({ unit: "binary" }),
  ),
});
const files = fc.uniqueArray(file, { maxLength: 6, selector: ({ path }) => path });
const odd = fc.option(changes, { freq: 3, nil: [] });

function reported(
  texts: [string, Mutation[]][],
  found: { path: string; kind: string; body: string }[],
  [a, b]: Mutation[][],
) {
  const of = new Map<string, Buffer>(Object.entries(rawTexts).map(([name, said]) => [name, Buffer.from(said)]));
  for (const [name, how] of texts) of.set(name, mutated(of.get(name) ?? Buffer.alloc(0), how));
  return { facts: mutated(textList(of), a ?? []), files: mutated(fileList(...found), b ?? []) };
}

/** Everything that `read` makes of a report. */
function read({ facts, files }: { facts: Buffer; files: Buffer }): { states: Desired[]; outputs: object } {
  const results = new Map([["facts", facts], ["files", files]]); // prettier-ignore
  const parsed = parseFacts(rawFacts({ results, warnings: [], claimed: false, unbegun: false, rolledBack: false })!);
  const states = all.map((desired) => {
    const subject = { desired, key: "k1", machine: "web", bridge: "br0" };
    const state = found(subject, parsed);
    isGone(subject, parsed, state);
    return state;
  });
  const uplink = portToOutside(parsed) ?? "";
  const outputs = {
    uplink,
    ...uplinkAddresses(parsed, uplink),
    os: parsed.os,
    version: parsed.systemdVersion,
  };
  return {
    states,
    outputs: { ...outputs, macs: [...parsed.guestMacs.values()], guests: [...parsed.guestAddresses.values()] },
  };
}

const harmful = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|\p{Surrogate}/u;

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return value !== null && typeof value === "object" ? Object.values(value).flatMap(textsIn) : [];
}

test("facts of any form are read, or refused with an error of the table", async () => {
  const property = fc.asyncProperty(several, files, fc.tuple(odd, odd), async (texts, there, archives) => {
    const report = reported(texts, there, archives);
    const outcome = await campaign.tryLater(() =>
      understood("host", "facts", () => read(report)).catch((error: { code: string; message: string }) => error),
    );
    if ("code" in outcome) {
      expect(outcome).toMatchObject({ code: "NSPAWN_REPORT", message: expect.stringMatching(/^host: /) });
      // What our own code throws has no place there.
      expect(outcome.message).not.toMatch(/cannot be read|undefined|not a function/);
      expect(harmful.test(outcome.message)).toBe(false);
    } else {
      const shown = textsIn(outcome).filter((one) => !wanted.has(one));
      expect(shown.filter((one) => harmful.test(one))).toEqual([]);
    }
  });
  await fc.assert(property, { seed: Campaign.seed, numRuns: runs, path: Campaign.path });
  expect([campaign.crashes, campaign.hangs]).toEqual([0, 0]);
  expect(campaign.megabytes).toBeLessThan(100);
});
