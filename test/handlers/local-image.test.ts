import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { howFar } from "../../provider/handlers/bring-archive";
import { nspawnMachine } from "../../provider/handlers/nspawn-machine";
import { isUnknown, UNKNOWN } from "../../provider/model/unknown";
import { archive, bootable, sha256, tarball } from "../images/archive";
import { machineArguments } from "../support/arguments";

type Image = Record<string, unknown>;

describe("an archive where the program runs", () => {
  const folder = mkdtempSync(join(tmpdir(), "nspawn-archive-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const put = (name: string, bytes: Buffer): string => {
    writeFileSync(join(folder, name), bytes);
    return join(folder, name);
  };
  const checked = async (image: Image, before?: Image) => {
    const olds = before && machineArguments({ image: { kind: "tarball", ...before } });
    const news = machineArguments({ image: { kind: "tarball", ...image } });
    const { inputs, failures } = await nspawnMachine.check(olds, news);
    return { image: inputs.image as Image, says: failures.map(({ property, reason }) => `${property}: ${reason}`) };
  };
  let good: Buffer;
  beforeAll(async () => void (good = await tarball(bootable)));

  it("is in the checked inputs with its size and its sum, which a preview shows", async () => {
    const localPath = put("web.tar.gz", good);
    const expected = { kind: "tarball", localPath, sha256: sha256(good), bytes: good.length };
    expect(await checked({ localPath })).toEqual({ image: expected, says: [] });
    expect(await checked({ localPath, sha256: sha256(good).toUpperCase() })).toEqual({ image: expected, says: [] });
  });

  it("is read again when it has changed", async () => {
    const localPath = put("changing.tar.gz", good);
    await checked({ localPath });
    const other = await tarball([...bootable, { name: "more", content: "x" }]);
    put("changing.tar.gz", other);
    utimesSync(localPath, 1, 1);
    expect((await checked({ localPath })).image.sha256).toBe(sha256(other));
  });

  it("may be packed in each way that a host unpacks", async () => {
    const magics = {
      plain: await archive(bootable),
      xz: Buffer.from("fd377a585a0000", "hex"),
      zst: Buffer.from("28b52ffd00", "hex"),
    };
    for (const [name, bytes] of Object.entries(magics)) {
      expect((await checked({ localPath: put(`a.${name}`, bytes) })).says).toEqual([]);
    }
  });

  it.each<[string, Image, RegExp]>([
    [
      "is not there",
      { localPath: join(folder, "none") },
      /^image\.localPath: .*none cannot be used: ENOENT.*on the machine that runs the program/,
    ],
    ["is a folder", { localPath: folder }, /^image\.localPath: .* it is not a regular file/],
    ["is empty", { localPath: put("empty", Buffer.alloc(0)) }, /^image\.localPath: .* it is empty/],
    [
      "is a text",
      { localPath: put("text", Buffer.from("x".repeat(999))) },
      /^image\.localPath: .* it is no tar archive/,
    ],
    [
      "is a packed text",
      { localPath: put("text.gz", gzipSync("x".repeat(999))) },
      /^image\.localPath: .* packed by gzip, is no tar/,
    ],
    [
      "is none in the program's folder",
      { localPath: "./web.tar" },
      /^image\.localPath: must be an absolute path .*path\.resolve/,
    ],
    [
      "is beside another source",
      { localPath: put("b", Buffer.from("28b52ffd", "hex")), path: "/x" },
      /^image\.localPath: cannot be given beside path/,
    ],
  ])("is refused in the preview when it %s", async (_, image, says) => {
    const found = await checked(image);
    expect(found.says).toEqual([expect.stringMatching(says)]);
  });

  it("is refused when it has another sum than the program says", async () => {
    const localPath = put("c.tar.gz", good);
    const { says } = await checked({ localPath, sha256: "0".repeat(64) });
    expect(says).toEqual([expect.stringContaining(`has the sum ${sha256(good)}, another one than is given`)]);
  });

  it("is not missed where state knows its sum: on another computer, or when it was tidied away", async () => {
    const before = { localPath: join(folder, "gone.tar"), sha256: sha256(good), bytes: 77 };
    expect(await checked({ localPath: before.localPath }, before)).toMatchObject({ image: before, says: [] });
    // At another place there, with the sum in the program.
    const moved = { localPath: "/home/other/gone.tar", sha256: before.sha256 };
    expect(await checked(moved, before)).toMatchObject({ image: { ...moved, bytes: 77 }, says: [] });
    const { says } = await checked({ ...moved, sha256: "1".repeat(64) }, before);
    expect(says).toEqual([expect.stringContaining("cannot be used: ENOENT")]);
  });

  it("is unknown, sum and all, while its path is", async () => {
    const { image, says } = await checked({ localPath: UNKNOWN }, { localPath: "/x/y", sha256: sha256(good) });
    expect([isUnknown(image.sha256), says]).toEqual([true, []]);
  });

  it("is told how far it is, and how long it takes", () => {
    expect(howFar(2.5e6, 500e6, 0.2)).toBe("sending the image: 2.5 MB of 500 MB, 0 %");
    expect(howFar(125e6, 500e6, 10)).toBe("sending the image: 125 MB of 500 MB, 25 %, about 30 s left");
  });
});
