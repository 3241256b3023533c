import fc from "fast-check";
import { printable, printableLine } from "../../provider/model/read/printable";

const harmful = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|\p{Surrogate}/u;

describe("a text of somebody else", () => {
  it.each([
    ["terminal escapes", "\u001b[2J\u001b]0;x\u0007", "\\u{1b}[2J\\u{1b}]0;x\\u{7}"],
    ["carriage returns, which write over a line", "good\rbad", "good\\rbad"],
    ["backspaces and NUL", "a\b\0", "a\\u{8}\\u{0}"],
    ["DEL and C1", "\u007f\u009b31m", "\\u{7f}\\u{9b}31m"],
    ["what reorders", "\u202eabc\u2066\u200f\u061c", "\\u{202e}abc\\u{2066}\\u{200f}\\u{61c}"],
    ["separators of lines", "a\u2028b\u2029", "a\\u{2028}b\\u{2029}"],
    ["half of a pair", "a\ud800b\udc00", "a\\u{d800}b\\u{dc00}"],
  ])("is shown in letters: %s", (_what, text, shown) => {
    expect(printable(text)).toBe(shown);
    expect(printableLine(text)).toBe(shown);
  });

  it("keeps line breaks and tabs, and is one line where it has to be", () => {
    expect(printable("a\n\tb")).toBe("a\n\tb");
    expect(printableLine("a\n\tb")).toBe("a\\n\\tb");
  });

  it("is the same to the byte when there is nothing in it: letters of every kind, backslashes, emoji", () => {
    const text = 'Grüße, мир, 世界, 🐧👩‍👩‍👧 \\u{1b} \\n "x" $(id)\n';
    expect(printable(text)).toBe(text);
  });

  it("is cut in the middle, and says how much is missing", () => {
    const shown = printable(`${"a".repeat(500)}${"b".repeat(500)}`, 100);
    expect(shown).toBe(`${"a".repeat(27)}… (940 characters) …${"b".repeat(33)}`);
    expect(printable("a".repeat(100), 100)).toBe("a".repeat(100));
  });

  it("has nothing harmful, is no longer than it may be, and does not change when it is shown again", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string({ maxLength: 300 }),
      fc.string({ unit: fc.constantFrom("\u001b", "\n", "🐧", "\ud83d", "a") }),
    );
    fc.assert(
      fc.property(text, fc.integer({ min: 60, max: 200 }), (given, most) => {
        for (const show of [printable, printableLine]) {
          const shown = show(given, most);
          expect(harmful.test(shown)).toBe(false);
          expect(shown.length).toBeLessThanOrEqual(most);
          expect(show(shown, most)).toBe(shown);
        }
        expect(/[\n\t]/.test(printableLine(given))).toBe(false);
      }),
      { seed: 5, numRuns: 2000 },
    );
  });
});
