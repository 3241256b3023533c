import { parseFiles, parseTexts } from "../../provider/observe/facts/parse-files";
import { fileList, textList } from "../support/file-list";

describe("a list of files", () => {
  it("has kinds, modes, owners and contents", () => {
    const raw = fileList(
      { path: "/etc/a b", mode: "04755", uid: 1, gid: 4294967295, body: "one\0two\n" },
      { path: "/etc/link", kind: "link", mode: "0777", body: "../x" },
      { path: "/etc/large", kind: "large", body: "10737418240" },
      { path: "/etc/behind", kind: "behind", mode: "00", body: "a link" },
      { path: "/etc/new", kind: "whiteout" },
    );
    expect([...parseFiles(raw)]).toEqual([
      ["/etc/a b", { type: "file", mode: "04755", uid: 1, gid: 4294967295, text: "one\0two\n" }],
      ["/etc/link", { type: "link", mode: "0777", uid: 0, gid: 0, text: "../x" }],
      ["/etc/large", { type: "large", mode: "0644", uid: 0, gid: 0, text: "10737418240" }],
      ["/etc/behind", { type: "behind", mode: "00", uid: 0, gid: 0, text: "a link" }],
      ["/etc/new", { type: "other", mode: "0644", uid: 0, gid: 0, text: "" }],
    ]);
    expect(parseFiles(Buffer.alloc(0)).size).toBe(0);
  });

  it.each<[string, Buffer]>([
    ["a content that is not there", fileList({ path: "/a", length: "1" })],
    ["a negative length", fileList({ path: "/a", length: "-1" })],
    ["a length that is no number", fileList({ path: "/a", length: "1e3", body: "x".repeat(1000) })],
    ["a mode that is none", fileList({ path: "/a", mode: "644" })],
    ["an owner that is none", fileList({ path: "/a", uid: "root" })],
    ["a kind that is none", fileList({ path: "/a", kind: "a\nb" })],
    ["no path", fileList({ path: "" })],
    ["a path with a line's end", fileList({ path: "/a\n/b" })],
    ["a path without end", Buffer.alloc(1_000_000, "x")],
    ["a path twice", fileList({ path: "/a" }, { path: "/a" })],
    ["an end in the middle", fileList({ path: "/a" }).subarray(0, 8)],
  ])("is refused for %s", (_what, raw) => {
    expect(() => parseFiles(raw)).toThrow(
      /^the list of the files has something else than files at byte \d+; .*\[NSPAWN_REPORT\]$/,
    );
  });

  it("is refused when it has more entries than any host", () => {
    const all = Array.from({ length: 100_001 }, (_, index) => ({ path: `/${index}` }));
    expect(() => parseFiles(fileList(...all))).toThrow("more than 100000 entries");
  });
});

describe("the facts' texts", () => {
  it("are known by their names", () => {
    const texts = new Map([["link", "[]"], ["guest.web", "running\n"]]); // prettier-ignore
    expect(parseTexts(textList(texts))).toEqual(texts);
  });

  it.each([
    ["a link", fileList({ path: "/run/x/link", kind: "link" })],
    ["a name that is none", fileList({ path: "/run/x/.." })],
    ["one twice", fileList({ path: "/run/x/link" }, { path: "/run/y/link" })],
  ])("are refused for %s", (_what, raw) => {
    expect(() => parseTexts(raw)).toThrow("where it cannot be, or twice");
  });
});
