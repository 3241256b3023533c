import fc from "fast-check";
import { errorCodes } from "../../provider/errors";
import { hostProgram } from "../../provider/host/program";
import { hostCommand } from "../../provider/host/command";
import { reportedCode } from "../../provider/remote/frame";
import { ReportParser, type Listener, type Report } from "../../provider/remote/report";
import { reportLimits as limits } from "../../provider/remote/report-limits";

function parsed(
  chunks: (Buffer | string)[],
  more: Partial<Listener> = {},
): { parser: ReportParser; progress: string[] } {
  const progress: string[] = [];
  const parser = new ReportParser({ progress: (text) => void progress.push(text), ...more });
  for (const chunk of chunks) parser.push(Buffer.from(chunk));
  return { parser, progress };
}

const reportOf = (...chunks: (Buffer | string)[]): Report => parsed(chunks).parser.finish("host.example", "");
const refusal = (...chunks: (Buffer | string)[]): string => {
  const { failure, results } = reportOf(...chunks);
  expect(failure?.code).toBe("NSPAWN_REPORT");
  expect(results.size).toBe(0);
  return failure?.message ?? "";
};

/** Cuts a buffer at the given places. */
function cut(whole: Buffer, places: number[]): Buffer[] {
  const at = [0, ...[...places].map((place) => place % (whole.length + 1)).sort((a, b) => a - b), whole.length];
  return at.slice(1).map((end, index) => whole.subarray(at[index], end));
}

describe("the report", () => {
  it("is the same however it is cut, whatever bytes a result holds", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.array(fc.nat(400)), (bytes, places) => {
        const body = Buffer.from(bytes);
        const whole = Buffer.concat([
          Buffer.from(`progress\tfirst\nresult\tfacts\t${body.length}\n`),
          body,
          Buffer.from("\nwarning\tcareful\nclaimed\nend\n"),
        ]);
        const { parser, progress } = parsed(cut(whole, places));
        const report = parser.finish("host", "");
        expect(report.results.get("facts")).toEqual(body);
        expect(report).toMatchObject({ warnings: ["careful"], claimed: true });
        expect(report.failure).toBeUndefined();
        expect(progress).toEqual(["first"]);
      }),
      { seed: 3, numRuns: 1000 },
    );
  });

  it("keeps results that came with an error", () => {
    const report = reportOf("error\tNSPAWN_NOT_READY\t9\nno answer\nresult\tfacts\t1\nx\n");
    expect(report.failure).toMatchObject({ code: "NSPAWN_NOT_READY" });
    expect(report.failure?.message).toBe("host.example: no answer [NSPAWN_NOT_READY]");
    expect(report.results.get("facts")?.toString()).toBe("x");
  });

  it("takes the newest of two results of one name: what stands after a change was taken back", () => {
    const report = reportOf("result\tfacts\t1\nx\nerror\tNSPAWN_BUSY\t1\nb\nrolled-back\nresult\tfacts\t1\ny\n");
    expect(report.results.get("facts")?.toString()).toBe("y");
    expect(report.failure?.message).toBe("host.example: b; the host is as it was before [NSPAWN_BUSY]");
  });

  it("knows every code that our program on the host writes", () => {
    const written = new Set(
      [...`${hostProgram()}\n${hostCommand()}`.matchAll(/NSPAWN_[A-Z_]+/g)].map(([code]) => code),
    );
    expect([...written].filter((code) => reportedCode(code) === undefined)).toEqual([]);
    expect(errorCodes.filter((code) => reportedCode(code) === undefined)).toContain("NSPAWN_UNREACHABLE");
  });
});

describe("what is no report of ours is refused", () => {
  it.each([
    ["lengths that are no numbers in their one form", "result\tfacts\tX\n", "is no number"],
    ["negative", "result\tfacts\t-1\n", "is no number"],
    ["fractions", "result\tfacts\t1.5\n", "is no number"],
    ["exponents", "result\tfacts\t1e3\n", "is no number"],
    ["leading zeros", "result\tfacts\t01\n", "is no number"],
    ["spaces", "result\tfacts\t 1\n", "is no number"],
    ["none", "result\tfacts\t\n", "is no number"],
    ["no name either", "claimed\nresult\n", 'no such record as "result"'],
    ["a word too many", "result\tfacts\t1\t1\n", "is no number"],
    ["beyond every number", `result\tfacts\t${"9".repeat(300)}\n`, "is no number"],
    ["beyond the bound of a result", "result\tfacts\t16777217\n", "16777216 are allowed"],
    ["beyond the bound of errors", "error\tNSPAWN_BUSY\t1048577\n", "1048576 are allowed"],
    ["beyond it by several", `error\tNSPAWN_BUSY\t6\nabcdef\nerror\tNSPAWN_BUSY\t1048571\n`, "1048570 are allowed"],
    ["a body that is longer", "result\tfacts\t1\nxy\nend\n", "not followed by the end of a line"],
    ["a body that is shorter", "result\tfacts\t3\nxy\nend\n", "not followed by the end of a line"],
    ["a result that nobody asked for", "result\t__proto__\t1\nx\nend\n", "nobody asked for it"],
    ["and another", "result\tconstructor\t1\nx\nend\n", "nobody asked for it"],
    ["data that nobody asked for", "data\t-\t1\nx\nend\n", "nobody asked for it"],
    ["a confirmation that nobody waits for", "claimed\nconfirm\nend\n", 'such record as "confirm"'],
    ["an unknown code", "error\tNSPAWN_WHATEVER\t1\nx\n", "is not known"],
    ["a code that is a property of every object", "error\t__proto__\t1\nx\n", "is not known"],
    ["a code that only this side can know", "error\tNSPAWN_UNREACHABLE\t1\nx\n", "is not known"],
    ["an unknown record", "progress\tone\nsudo\tmake me\n", 'no such record as "sudo\\tmake me"'],
    ["an empty record", "progress\tone\n\nend\n", 'no such record as ""'],
    ["a word after a record of one word", "claimed\nend\tnow\n", 'record as "end\\tnow"'],
    ["more after the end", "end\nprogress\tmore\n", "after its end"],
    ["and what has not come to its end", "end\nprog", "after its end"],
    ["a second end", "end\nend\n", "after its end"],
    ["success after an error", "error\tNSPAWN_BUSY\t1\nx\nend\n", "after the error NSPAWN_BUSY it ends as if"],
  ])("%s", (_what, text, says) => {
    expect(refusal(text)).toContain(says);
    expect(refusal(...[...text])).toContain(says);
  });

  it("names the host, and says what to do", () => {
    expect(refusal("end\nend\n")).toMatch(
      /^host\.example: .*examine the host before you run `up` again \[NSPAWN_REPORT\]$/,
    );
  });

  it("has what came in it, harmless and not too long", () => {
    expect(refusal("Welcome \u001b[2J to\u0007 us\u202e\nprogress\tone\nend\n")).toContain(
      'no such record as "Welcome \\u{1b}[2J to\\u{7} us\\u{202e}"',
    );
    expect(refusal("no line break at all")).toContain('record as "no line break at all"; ');
    expect(refusal(`${"x".repeat(60_000)}\n`).length).toBeLessThan(800);
  });

  it("a line without end, at its bound", () => {
    const { parser } = parsed(Array<string>(65).fill("x".repeat(1024)));
    expect(parser.refused).toContain("more than 65536 bytes");
    const within = parsed([`progress\t${"x".repeat(limits.line - 9)}\nend\n`]).parser.finish("host", "");
    expect(within.failure).toBeUndefined();
  });

  it("records without end, and their bytes", () => {
    const many = Buffer.from("claimed\n".repeat(10_000));
    expect(refusal(...Array<Buffer>(201).fill(many))).toContain("more than 2000000 records");
    const long = Buffer.from(`progress\t${"x".repeat(60_000)}\n`.repeat(100));
    expect(refusal(...Array<Buffer>(12).fill(long))).toContain("67108864 bytes");
  });

  it("results beyond what all may have, and different ones without end", () => {
    const large = Buffer.concat([
      Buffer.from("result\tfacts\t16777216\n"),
      Buffer.alloc(16_777_216),
      Buffer.from("\n"),
    ]);
    expect(refusal(large, large, large, large, "result\tfiles\t1\n")).toContain("0 are allowed");
    const parser = new ReportParser({}, () => 1);
    for (let index = 0; index <= limits.names; index += 1) parser.push(Buffer.from(`result\tr${index}\t1\nx\n`));
    expect(parser.refused).toContain(`the result r${limits.names} is not known`);
  });
});

describe("what a host says is text", () => {
  it("in progress, warnings and errors", () => {
    const { parser, progress } = parsed([
      "progress\ta\tb\u001b]0;title\u0007\r\nwarning\t\u009b2J\u2028\nerror\tNSPAWN_BUSY\t9\none\n\ttwo\u001b\n",
    ]);
    const report = parser.finish("host", "");
    expect(progress).toEqual(["a b\\u{1b}]0;title\\u{7}\\r"]);
    expect(report.warnings).toEqual(["\\u{9b}2J\\u{2028}"]);
    expect(report.failure?.message).toBe("host: one\n\ttwo\\u{1b} [NSPAWN_BUSY]");
  });

  it("in what it says beside the report", () => {
    const { failure } = parsed(["progress\tone\n"]).parser.finish("host", "a\u001b[31m\nb");
    expect(failure?.message).toContain("the host said: a\\u{1b}[31m\nb;");
  });

  it("keeps a thousand warnings, and says how many more there were", () => {
    const { warnings } = reportOf("warning\tw\n".repeat(1234), "end\n");
    expect(warnings).toHaveLength(1001);
    expect(warnings.at(-1)).toBe("and 234 more warnings, which are not shown");
  });

  it("keeps no more than a megabyte of them", () => {
    const { warnings } = reportOf(...Array<string>(40).fill(`warning\t${"w".repeat(60_000)}\n`), "end\n");
    expect(warnings.join("").length).toBeLessThan(1.1 * 1024 * 1024);
    expect(warnings.at(-1)).toMatch(/^and \d+ more/);
  });
});
