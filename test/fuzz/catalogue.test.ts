import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { catalogueIn } from "../../provider/handlers/catalogue-in";
import { isDevice, type Catalogue } from "../../provider/observe/tree/catalogue";
import { treeDifference } from "../../provider/observe/tree/tree-difference";
import { Campaign } from "./campaign";
import { mutated, mutations } from "./mutation";

jest.setTimeout(3_600_000);

const runs = Math.ceil(Campaign.runs / 5);
const campaign = new Campaign("lists of trees");
afterAll(() => campaign.tell());

const snippets = [
  ...["\0", "\0\0", "\t", "\n", "..", "../", "/", "//", "./", "etc/..", "/etc/shadow\0", "-1", "b", "c", "s", "x".repeat(5000)],
  ...["f\t644\t0\t0\t1\t8\t5\t5\t1\t1\0a\0\0", "d\t755\t0\t0\t1\t8\t5\t5\t1\t1\0a\0\0", "l\t777\t0\t0\t1\t8\t5\t5\t1\t1\0a\0/etc\0"],
]; // prettier-ignore

const name = fc.constantFrom("a", "b", "c", "\u00c3\u00a9", "..", ".", "", "a\u001b", "\u00ff");
const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => names.join("/"));
const entry = fc
  .record({
    type: fc.constantFrom(..."ffddllpbcs"),
    uid: fc.constantFrom(0, 786_432, 786_433, 1e6),
    links: fc.constantFrom(1, 1, 2),
    inode: fc.nat(3),
    time: fc.constantFrom("5.0000000000", "6.0000000000"),
    path,
  })
  .map(({ type, uid, links, inode, time, path: at }) => {
    const fields = [type, "644", uid, uid, 10, 8, time, time, links, inode];
    return `${fields.join("\t")}\0${at}\0${type === "l" ? "/etc" : ""}\0`;
  });
const root = "1700000000\0d\t755\t0\t0\t1\t8\t5.0000000000\t5.0000000000\t1\t9\0\0\0";
const lines = ["d a", "f a/b", "d a/c", "l a/c/d", "c a/n", "b b", "f c", "p p", "f a/e", "c q"];
const line = (text: string, time: number): string =>
  `${text[0]}\t644\t0\t0\t10\t8\t${time}\t5\t1\t1\0${text.slice(2)}\0${text.startsWith("l") ? "x" : ""}\0`;
/** Trees whose folders are all there, and such as have anything in them. */
const tree = fc.oneof(
  fc
    .tuple(fc.subarray(lines.slice(4)), fc.integer({ min: 5, max: 7 }))
    .map(([some, time]) => [...lines.slice(0, 4), ...some].map((one) => line(one, time))),
  fc.tuple(fc.subarray(lines), fc.constant(5)).map(([some, time]) => some.map((one) => line(one, time))),
  fc.array(entry, { maxLength: 8 }),
);
const raw = fc
  .tuple(tree, fc.oneof(fc.constant([]), mutations(snippets)))
  .map(([entries, changes]) => mutated(Buffer.from(root + entries.join(""), "latin1"), changes));
const packed = fc.oneof(
  { weight: 5, arbitrary: raw.map((bytes) => gzipSync(bytes, { level: 1 })) },
  { weight: 1, arbitrary: fc.tuple(raw, mutations([])).map(([bytes, changes]) => mutated(gzipSync(bytes), changes)) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)) },
);

const list = (catalogue: Buffer): Promise<Catalogue> =>
  catalogueIn(
    { results: new Map([["catalogue", catalogue]]), warnings: [], claimed: false, unbegun: false, rolledBack: false },
    "host",
  );

/** Whether a path stays in its tree, and goes through folders of it alone. */
function staysIn(path: string, { entries }: Catalogue): boolean {
  const names = path.split("/");
  if (path !== "" && names.some((one) => ["", ".", ".."].includes(one) || one.includes("\0"))) return false;
  return names.slice(0, -1).every((_, index) => entries.get(names.slice(0, index + 1).join("/"))?.type === "d");
}

test("lists of trees of any form are read, or refused with an error of the table", async () => {
  let taken = 0;
  const property = fc.asyncProperty(packed, packed, fc.constantFrom(0, 6, Infinity), async (a, b, since) => {
    const outcomes = await campaign.tryLater(() =>
      Promise.all([a, b].map((one) => list(one).catch((error: { code: string }) => error))),
    );
    const [source, copy] = outcomes.map((outcome) => {
      if (!("code" in outcome)) return outcome;
      expect(outcome.code).toBe("NSPAWN_REPORT");
      return undefined;
    });
    if (source === undefined || copy === undefined) return;
    taken += 1;
    for (const one of [source, copy])
      for (const at of one.entries.keys()) expect([at, staysIn(at, one)]).toEqual([at, true]);
    const { send, drop } = campaign.try(() => treeDifference(source, copy, since));
    expect(send.filter((at) => isDevice(source.entries.get(at)!))).toEqual([]);
    expect(drop.filter((at) => at === "" || !copy.entries.has(at))).toEqual([]);
    for (const [at, entry] of copy.entries) {
      if (isDevice(entry)) expect(drop.some((gone) => gone === at || at.startsWith(`${gone}/`))).toBe(true);
    }
  });
  await fc.assert(property, { seed: Campaign.seed, numRuns: runs, path: Campaign.path });
  expect([campaign.crashes, campaign.hangs]).toEqual([0, 0]);
  expect(taken).toBeGreaterThan(runs / 50);
  expect(campaign.megabytes).toBeLessThan(100);
});
