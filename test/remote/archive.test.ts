import { execFileSync } from "node:child_process";
import { chmodSync, linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unpackFiles, unpackTexts } from "../../provider/remote/unpack";
import { archive, end, entry, sized } from "./tar-entry";

const folder = mkdtempSync(join(tmpdir(), "pulumi-nspawn-archive-"));
afterAll(() => rmSync(folder, { recursive: true }));

const name = `long-${"n".repeat(180)}`;
beforeAll(() => {
  mkdirSync(join(folder, "d"));
  writeFileSync(join(folder, "a"), "hello\n");
  writeFileSync(join(folder, "empty"), "");
  writeFileSync(join(folder, "exact"), "x".repeat(512));
  writeFileSync(join(folder, name), "long\n");
  chmodSync(join(folder, "a"), 0o4755);
  symlinkSync("a/b", join(folder, "link"));
  symlinkSync(`/${"t".repeat(300)}`, join(folder, "far"));
  linkSync(join(folder, "a"), join(folder, "z"));
});

const tar = (...words: string[]): Buffer =>
  execFileSync("tar", ["-C", folder, ...words, "-cPf", "-"], { maxBuffer: 1 << 30 });

describe.each(["gnu", "posix", "ustar"])("what tar writes in the form %s", (format) => {
  const words = [
    `--format=${format}`,
    "--no-recursion",
    "--numeric-owner",
    `--mtime=@${format === "ustar" ? "5" : "-5.5"}`,
  ];

  it("has its files, links and folders, with mode and owner", () => {
    const owned = format === "ustar" ? [] : ["--owner=1900000000", "--group=1900000001"];
    const all = ["a", "d", "link", "empty", "exact", ...(format === "ustar" ? [] : ["far", name])];
    const files = unpackFiles(tar(...words, ...owned, ...all, "z"));
    const [uid, gid] = format === "ustar" ? [process.getuid?.(), process.getgid?.()] : [1_900_000_000, 1_900_000_001];
    expect(files.get("a")).toEqual({ type: "file", mode: "04755", uid, gid, text: "hello\n" });
    expect(files.get("d")).toMatchObject({ type: "directory", text: "" });
    expect(files.get("link")).toMatchObject({ type: "link", text: "a/b" });
    expect(files.get("empty")).toMatchObject({ type: "file", text: "" });
    expect(files.get("exact")?.text).toBe("x".repeat(512));
    expect(files.get("z")).toMatchObject({ type: "other", text: "" }); // another name of a
    if (format === "ustar") return;
    expect(files.get("far")?.text).toBe(`/${"t".repeat(300)}`);
    expect(files.get(name)?.text).toBe("long\n");
  });

  it("keeps absolute paths as they are", () => {
    const files = unpackFiles(tar(...words, join(folder, "a"), join(folder, "d")));
    expect([...files.keys()]).toEqual([join(folder, "a"), join(folder, "d")]);
  });

  it("may be nothing", () => {
    expect(unpackFiles(execFileSync("tar", [`--format=${format}`, "-cf", "-", "-T", "/dev/null"])).size).toBe(0);
  });
});

describe("an archive that tar does not write is refused", () => {
  it.each([
    ["nothing", Buffer.alloc(0), "it has no end"],
    ["no block", Buffer.from("x"), "it has no end"],
    ["noise", Buffer.alloc(2048, "x"), "that is no number"],
    ["no end", entry({}), "it has no end"],
    ["an entry that is cut off", Buffer.concat([entry(sized("x".repeat(600))).subarray(0, 1100)]), "it ends within"],
    ["more after its end", Buffer.concat([end, entry({})]), "more comes after its end"],
    ["a wrong sum", archive({}).fill("y", 0, 1), "has a wrong sum"],
    ["gigabytes", archive({ size: "77777777777" }), "it ends within ./x"],
    ["a size below nothing", archive({ size: "-0000000001" }), "a size that is no number"],
    ["a size of bytes below nothing", archive({ size: `\u00ff${"\u00ff".repeat(11)}` }), "a size that is no number"],
    ["a size beyond every number", archive({ size: `\u0080${"\u00ff".repeat(11)}` }), "a size that is no number"],
    ["a size that is none", archive({ size: "0x1f" }), "a size that is no number"],
    ["a folder with something in it", archive(sized("x", { flag: "5" })), "is no file, and has 1 bytes"],
    ["a link with something in it", archive(sized("x", { flag: "2" })), "is no file, and has 1 bytes"],
    ["a sparse file", archive({ flag: "S" }), "is of the type S"],
    ["settings for all entries", archive(sized("11 path=x\n", { flag: "g" })), "is of the type g"],
    ["a name of gigabytes", archive({ flag: "L", size: "77777777777" }), "it ends within"],
    ["a long name", archive(sized("n".repeat(70_000), { flag: "L" })), "a name has 70000 bytes"],
    ["a name without an entry", archive(sized("n", { flag: "L" })), "a name is without its entry"],
    ["lengths that are none", archive(sized("x path=y\n", { flag: "x" }), {}), "is not of its form"],
    ["below nothing", archive(sized("-9 path=y\n", { flag: "x" }), {}), "is not of its form"],
    ["of nothing", archive(sized("0 path=y\n", { flag: "x" }), {}), "is not of its form"],
    ["too long", archive(sized("99 path=y\n", { flag: "x" }), {}), "is not of its form"],
    ["without a value", archive(sized("7 path\n", { flag: "x" }), {}), "is not of its form"],
    ["a size in them that is none", archive(sized("11 size=-1\n", { flag: "x" }), {}), "a size is no number"],
    [
      "a size in them that is too large",
      archive(sized("15 size=999999\n", { flag: "x" }), sized("y")),
      "it ends within|more comes",
    ],
  ])("%s", (_what, raw, says) => {
    for (const unpack of [unpackFiles, unpackTexts]) {
      expect(() => unpack(raw)).toThrow(
        new RegExp(`the archive of the (files|facts): .*(${says}).*\\[NSPAWN_REPORT\\]`),
      );
    }
  });

  it("keys that every object has are keys like others", () => {
    const raw = archive(sized("15 __proto__=x\n16 constructor=\n", { flag: "x" }), sized("y"));
    expect(unpackTexts(raw).get("x")).toBe("y");
    expect(unpackTexts(archive(sized("y", { name: "./constructor" }))).get("constructor")).toBe("y");
  });
});

describe("texts", () => {
  it.each([
    ["a path", { name: "./a/b" }],
    ["a way out", { name: "./.." }],
    ["a way out of all", { name: "/etc/shadow" }],
    ["a link", { flag: "2" }],
    ["a hard link", { flag: "1" }],
    ["a device", { flag: "3" }],
    ["a folder of its own", { name: "./d", flag: "5" }],
    ["nothing", { name: "./" }],
    ["a name that moves the cursor", { name: "./\u001b[2J" }],
  ])("have names alone, and are files: %s", (_what, of) => {
    expect(() => unpackTexts(archive(of))).toThrow(
      /the archive of the facts has .* where it cannot be, or twice.*NSPAWN_REPORT/,
    );
  });

  it("come once each, and not without end", () => {
    expect(() => unpackTexts(archive({}, {}))).toThrow(/where it cannot be, or twice/);
    const many = Array.from({ length: 10_001 }, (_, index) => entry({ name: `./g${index}` }));
    expect(() => unpackTexts(Buffer.concat([...many, end]))).toThrow(/more than 10000 entries/);
  });
});

describe("files", () => {
  it("are left out when they are larger than what is read", () => {
    const files = unpackFiles(
      archive(sized("x".repeat(524_289), { name: "/etc/large" }), sized("y", { name: "/etc/y" })),
    );
    expect([...files.keys()]).toEqual(["/etc/y"]);
  });

  it("lead nowhere, and come once each", () => {
    expect(() => unpackFiles(archive({ name: "/etc/../x" }))).toThrow(/where it cannot be/);
    expect(() => unpackFiles(archive({ name: "/etc/x" }, { name: "/etc/x" }))).toThrow(/or twice/);
  });
});
