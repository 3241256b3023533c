import { compared, counted } from "../figure";
import { spread } from "../spread";

describe("spread", () => {
  it("takes the middle of three and the mean of the two middle ones of four", () => {
    expect(spread([9, 1, 5])).toEqual({ min: 1, median: 5, max: 9 });
    expect(spread([1, 2, 4, 10])).toEqual({ min: 1, median: 3, max: 10 });
  });

  it("refuses to summarize nothing", () => {
    expect(() => spread([])).toThrow("no measurement");
  });
});

describe("compared", () => {
  it("divides run by run, so a slow moment that both sides met does not count", () => {
    const result = compared({ ours: [11, 110, 11], reference: [10, 100, 10], goal: 1.1, note: "" });
    expect(result.spread.ratio).toEqual({ min: 1.1, median: 1.1, max: 1.1 });
    expect(result).toMatchObject({ ours: 11, reference: 10, met: true, runs: 3 });
  });

  it("says that a goal is missed", () => {
    expect(compared({ ours: [3], reference: [2], goal: 1.25, note: "" })).toMatchObject({ ratio: 1.5, met: false });
  });

  it("refuses sides with different numbers of runs", () => {
    expect(() => compared({ ours: [1, 2], reference: [1], goal: 1, note: "" })).toThrow("2 runs of ours, 1 beside it");
  });
});

describe("counted", () => {
  it("holds the largest value against the limit", () => {
    const result = counted({ unit: "bytes", values: [100, 200, 5000], goal: 4096, note: "" });
    expect(result).toMatchObject({ ours: 200, met: false, reference: null, ratio: null });
  });
});
