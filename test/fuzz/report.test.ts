import fc from "fast-check";
import { errorCodes } from "../../provider/errors";
import { ReportParser } from "../../provider/remote/report";
import { Campaign } from "./campaign";
import { cuts, pieces } from "./mutation";
import { grammarOf, streams } from "./streams";

jest.setTimeout(3_600_000);

const campaign = new Campaign("streams");
afterAll(() => campaign.tell());

const harmful = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|\p{Surrogate}/u;

function parsed(stream: Buffer, cut: readonly number[] | "each") {
  const said: string[] = [];
  const listener = {
    progress: (text: string) => void said.push(text),
    data: () => undefined,
    confirm: () => undefined,
  };
  const parser = new ReportParser(listener);
  for (const piece of pieces(stream, cut)) parser.push(piece);
  const { failure, results, warnings } = parser.finish("host", stream.toString("latin1").slice(0, 200));
  return { parser, failure, results, said: [...said, ...warnings, failure?.message ?? ""] };
}

test("whatever a host sends, in whatever pieces, is a report of ours or refused with an error of the table", () => {
  const came = new Map<string | undefined, number>();
  fc.assert(
    fc.property(streams, cuts, (stream, cut) => {
      const { failure, results, said } = campaign.try(() => parsed(stream, cut));
      const grammar = grammarOf(stream);
      came.set(grammar, (came.get(grammar) ?? 0) + 1);
      expect(failure === undefined).toBe(grammar === "success");
      expect(failure?.code === "NSPAWN_REPORT").toBe(grammar === undefined);
      if (failure !== undefined) expect(errorCodes).toContain(failure.code);
      if (grammar === undefined) expect(results.size).toBe(0);
      expect(said.filter((text) => harmful.test(text))).toEqual([]);
    }),
    { seed: Campaign.seed, numRuns: Campaign.runs, path: Campaign.path },
  );
  for (const outcome of ["success", "failure", "cut off", undefined]) {
    expect([outcome, (came.get(outcome) ?? 0) > Campaign.runs / 100]).toEqual([outcome, true]);
  }
  expect([campaign.crashes, campaign.hangs]).toEqual([0, 0]);
  expect(campaign.megabytes).toBeLessThan(100);
});
