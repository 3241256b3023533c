import fc from "fast-check";
import { ReportParser } from "../../provider/remote/report";

function parsed(chunks: Buffer[]): { parser: ReportParser; progress: string[] } {
  const progress: string[] = [];
  const parser = new ReportParser({ progress: (text) => void progress.push(text) });
  for (const chunk of chunks) parser.push(chunk);
  return { parser, progress };
}

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
    const { parser } = parsed([Buffer.from("error\tNSPAWN_NOT_READY\t9\nno answer\nresult\tfacts\t1\nx\n")]);
    const report = parser.finish("host.example", "");
    expect(report.failure).toMatchObject({ code: "NSPAWN_NOT_READY" });
    expect(report.failure?.message).toBe("host.example: no answer [NSPAWN_NOT_READY]");
    expect(report.results.get("facts")?.toString()).toBe("x");
  });
});
