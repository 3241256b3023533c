import { gzipSync } from "node:zlib";
import { catalogueIn } from "../../provider/handlers/catalogue-in";
import type { Report } from "../../provider/remote/report";

const report = (catalogue?: Buffer): Report => ({
  results: new Map(catalogue === undefined ? [] : [["catalogue", catalogue]]),
  warnings: [],
  claimed: false,
  unbegun: false,
  rolledBack: false,
});
const root = "1700000000\0d\t755\t0\t0\t1\t8\t5\t5\t1\t1\0\0\0";

/** Entries of one path each, as large as they can be. */
function bomb(megabytes: number): Buffer {
  const path = "x".repeat(4000);
  const entries = Array.from({ length: 250 }, (_, index) => `f\t644\t0\t0\t1\t8\t5\t5\t1\t1\0${path}${index}\0\0`).join(
    "",
  );
  return gzipSync(Buffer.concat([Buffer.from(root), ...Array<Buffer>(megabytes).fill(Buffer.from(entries))]));
}

describe("the list of a tree in a report", () => {
  it("is unpacked", async () => {
    const { entries } = await catalogueIn(report(gzipSync(Buffer.from(root))), "old");
    expect([...entries.keys()]).toEqual([""]);
  });

  it.each([
    ["not there", undefined, "there is no list"],
    ["nothing", Buffer.alloc(0), "cannot be read|not complete"],
    ["not packed", Buffer.from(root), "cannot be read"],
    ["cut off", gzipSync(Buffer.from(root)).subarray(0, 20), "cannot be read"],
    ["half of it", gzipSync(Buffer.from(root.slice(0, -1))), "is not complete"],
    ["zeros without end", gzipSync(Buffer.alloc(400_000_000)), "its clock is no number"],
    ["a text without end", gzipSync(Buffer.alloc(400_000_000, "1")), "a text has no end"],
  ])("is refused when it is %s", async (_what, packed, says) => {
    const failed = catalogueIn(report(packed), "old host");
    await expect(failed).rejects.toMatchObject({ code: "NSPAWN_REPORT" });
    await expect(failed).rejects.toThrow(new RegExp(`^old host: .*(${says})`));
  });

  it("is refused when a few kilobytes become gigabytes, and takes no memory for it", async () => {
    const packed = bomb(300);
    expect(packed.length).toBeLessThan(6_000_000);
    const before = process.memoryUsage().rss;
    await expect(catalogueIn(report(packed), "old")).rejects.toThrow(/more than 268435456 bytes.*NSPAWN_REPORT/);
    expect(process.memoryUsage().rss - before).toBeLessThan(200_000_000);
  });
});
