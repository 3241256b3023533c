import type { FoundFile } from "../../provider/observe/facts/facts";
import { shownFact, shownFile } from "../../provider/observe/shown-fact";

const file = (text: string, type: FoundFile["type"] = "file"): FoundFile => ({
  type,
  mode: "0644",
  uid: 0,
  gid: 0,
  text,
});

describe("a file that was found", () => {
  it("is itself when it is as wanted, whatever is in it", () => {
    for (const text of ["[Match]\n\tName=br0\n", "\u001b[2J\r\n", "x".repeat(100_000)]) {
      expect(shownFile(file(text), text)).toBe(text);
    }
  });

  it("is printable when it is not, and not without end", () => {
    expect(shownFile(file("a\u001b[2J\r\n\tb\n"), "x")).toBe("a\\u{1b}[2J\\r\n\tb\n");
    expect(shownFile(file("x".repeat(500_000)), "y").length).toBeLessThanOrEqual(65_536);
  });

  it("is never taken for what is wanted because it looks like it", () => {
    const wanted = "key \\u{1b}\n";
    expect(shownFile(file("key \u001b\n"), wanted)).toBe(`${wanted}(looks as wanted, and is not)\n`);
    expect(shownFile(file("/x", "link"), "(a link to /x)\n")).not.toBe("(a link to /x)\n");
  });

  it("may be something else", () => {
    expect(shownFile(file("/etc/shadow\u0007\n", "link"), "x")).toBe("(a link to /etc/shadow\\u{7}\\n)\n");
    expect(shownFile(file("", "directory"), "x")).toBe("(a directory)\n");
  });
});

describe("a fact that was found", () => {
  it("is printable, and what of it is wanted is itself", () => {
    expect(shownFact("running\u001b\n", "running")).toBe("running\\u{1b}\\n");
    expect(shownFact("odd\u0007", "odd\u0007")).toBe("odd\u0007");
    expect(shownFact({ a: "\u0007", b: "\u0007" }, { b: "\u0007" })).toEqual({ a: "\\u{7}", b: "\u0007" });
    expect(shownFact(["a\u0007", "b\u0007"], ["b\u0007"])).toEqual(["a\\u{7}", "b\u0007"]);
  });

  it("may have a name that every object has", () => {
    const shown = shownFact(Object.fromEntries([["__proto__", "a\u0007"]]), {});
    expect(Object.entries(shown)).toEqual([["__proto__", "a\\u{7}"]]);
    expect(Object.getPrototypeOf(shown)).toBe(Object.prototype);
  });

  it("has no list without end, and all of what is wanted", () => {
    const wanted = Array.from({ length: 1500 }, (_, index) => `w${index}`);
    const strays = Array.from({ length: 5000 }, (_, index) => `s${index}`);
    const shown = shownFact([...strays, ...wanted], wanted) as string[];
    expect(shown).toHaveLength(1000 + 1500 + 1);
    expect(shown.at(-1)).toBe("… (4000 more)");
    expect(wanted.every((word) => shown.includes(word))).toBe(true);
    expect(shownFact(wanted, wanted)).toEqual(wanted);
  });
});
