import { Newest } from "../../provider/remote/newest";

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

describe("progress", () => {
  it("is passed on ten times a second at most, the newest each time", () => {
    const passed: number[] = [];
    const newest = new Newest<number>((value) => passed.push(value));
    for (let value = 0; value < 1_000_000; value += 1) {
      newest.push(value);
      if (value % 100_000 === 99_999) jest.advanceTimersByTime(100);
    }
    expect(passed).toEqual([
      0, 99_999, 199_999, 299_999, 399_999, 499_999, 599_999, 699_999, 799_999, 899_999, 999_999,
    ]);
  });

  it("comes at once after a pause, and the last of all is never lost", () => {
    const passed: string[] = [];
    const newest = new Newest<string>((value) => passed.push(value));
    newest.push("a");
    jest.advanceTimersByTime(500);
    newest.push("b");
    expect(passed).toEqual(["a", "b"]);
    newest.push("c");
    newest.push("d");
    newest.end();
    expect(passed).toEqual(["a", "b", "d"]);
    expect(jest.getTimerCount()).toBe(0);
  });
});
