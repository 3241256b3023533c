import { parseWhereabouts } from "../../provider/observe/tree/whereabouts";

const said = "host\t0123 4567\nours\tyes\ntree\tyes\nsince\t17\nactive\tactive\nmoved\t\nfree\t1000\n";

describe("what a host says of where a machine is", () => {
  it("is read word by word", () => {
    expect(parseWhereabouts(said)).toEqual({ host: "0123 4567", here: true, active: true, since: 17, free: 1_024_000 });
    expect(parseWhereabouts(said.replace("moved\t", "moved\tb (203.0.113.6)\u001b")).movedTo).toBe(
      "b (203.0.113.6)\\u{1b}",
    );
  });

  it("has what was done inside of it", () => {
    const lines = `${"a".repeat(64)}\t${"b".repeat(64)}\tfile /etc/a b\n${"c".repeat(64)}\t-\tcommands\n`;
    const of = (text: string) => `${said}provisioned\t${Buffer.from(text).toString("base64")}\n`;
    expect(parseWhereabouts(of(lines)).provisioned).toBe(lines);
    for (const odd of [
      "x\t-\tcommands\n",
      lines.replace("file", "else"),
      lines.replace("a b", "a\u001bb"),
      `${lines}\0`,
    ])
      expect(() => parseWhereabouts(of(odd))).toThrow(/NSPAWN_REPORT/);
  });

  it("may be that there is nothing", () => {
    const nothing = "host\t0123 4567\nactive\tinactive\nmoved\t\nfree\t1000\n";
    expect(parseWhereabouts(nothing)).toMatchObject({ here: false, active: false, since: undefined });
  });

  it.each([
    ["nothing at all", ""],
    ["no host", said.replace(/^host.*\n/, "")],
    ["room below nothing", said.replace("free\t1000", "free\t-1")],
    ["room without bounds", said.replace("free\t1000", "free\tInfinity")],
    ["a time that is none", said.replace("since\t17", "since\t1e9")],
    ["a word of its own", `${said}__proto__\tyes\n`],
    ["a word twice", `${said}free\t9\n`],
    ["another yes", said.replace("ours\tyes", "ours\tno")],
    ["something else", "\u001b[2J\0"],
  ])("is refused: %s", (_what, text) => {
    expect(() => parseWhereabouts(text)).toThrow(/^where the machine is: .*\[NSPAWN_REPORT\]$/);
  });
});
