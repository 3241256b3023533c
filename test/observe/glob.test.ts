import { matchesGlob } from "../../provider/observe/settings/glob";

describe("a pattern of a host's file", () => {
  it.each([
    ["br0", "br0", true],
    ["br0", "br1", false],
    ["", "", true],
    ["*", "", true],
    ["en*", "enp7s0", true],
    ["e*0", "enp7s0", true],
    ["e*1", "enp7s0", false],
    ["?r?", "br0", true],
    ["?r?", "br", false],
    ["br[0-9]", "br7", true],
    ["br[!0-9]", "br7", false],
    ["br[^0]", "br7", true],
    ["[]x]", "]", true],
    ["[z-a]", "m", false],
    ["[", "[", true],
    ["a.c", "abc", false],
    ["\\*", "*", true],
    ["\\*", "x", false],
    ["(+){2}|$^", "(+){2}|$^", true],
  ])("%j and %j: %j", (pattern, text, matches) => expect(matchesGlob(pattern, text)).toBe(matches));

  it("costs no more than its length, whatever it is", () => {
    expect(matchesGlob(`${"*a".repeat(2000)}b`, "a".repeat(15))).toBe(false);
    expect(matchesGlob(`${"*".repeat(2000)}b`, "a".repeat(15))).toBe(false);
  });
});
