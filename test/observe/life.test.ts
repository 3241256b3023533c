import { parseLife } from "../../provider/observe/life/parse-life";

const lines = (...all: string[]): string => `${all.join("\n")}\n`;
const up = "-\tup\t1000.53";
const unit = (machine: string, state: string, begun = "400000000", memory = "52428800"): string =>
  lines(
    `${machine}\tActiveState\t${state}`,
    `${machine}\tActiveEnterTimestampMonotonic\t${begun}`,
    `${machine}\tMemoryCurrent\t${memory}`,
  );
const health = (machine: string, words: Record<string, string | number>): string =>
  lines(...Object.entries(words).map(([word, value]) => `${machine}\thealth ${word}\t${value}`));

const failing = { run: "ab12", state: "failing", since: 1764600000, checked: 1764600060, failures: 2, retries: 3 };

describe("the life of machines", () => {
  test("has their uptime, memory and health", () => {
    const said = [
      up,
      unit("web", "active"),
      health("web", { ...failing, restarts: 1, restarted: 1764590000, why: "port 80: 127.0.0.1 refuses" }),
    ];
    expect(parseLife(lines(...said)).get("web")).toEqual({
      ...{ unit: "active", uptime: 600, memory: 52428800 },
      health: {
        ...{ state: "failing", since: 1764600000, checked: 1764600060, failures: 2, retries: 3, restarts: 1 },
        ...{ restarted: 1764590000, why: "port 80: 127.0.0.1 refuses" },
      },
    });
  });

  test.each(["inactive", "failed", "activating", "deactivating"])("has nothing of a machine that is %s", (state) => {
    expect(parseLife(lines(up, unit("web", state), health("web", failing))).get("web")).toEqual({ unit: state });
  });

  test("has what its tree takes, whether it runs or not", () => {
    const said = parseLife(lines(up, unit("web", "active"), unit("db", "failed"), "web\tdisk\t4096", "db\tdisk\t8192"));
    expect([said.get("web")?.disk, said.get("db")]).toEqual([4096, { unit: "failed", disk: 8192 }]);
  });

  test.each(["[not set]", "18446744073709551615", "infinity", "", "-1", "1e9", "0x10"])(
    "leaves out memory that is %s",
    (memory) => {
      expect(parseLife(lines(up, unit("web", "active", "0", memory))).get("web")).toEqual({
        unit: "active",
        uptime: 1000,
      });
    },
  );

  test("leaves out health that nobody wrote, and shows harmlessly what a machine says", () => {
    const of = (words: Record<string, string | number>) =>
      parseLife(lines(up, unit("web", "active"), health("web", words))).get("web")?.health;
    expect(of({ state: "splendid" })).toBeUndefined();
    expect(of({ state: "failing", failures: "many", since: "x".repeat(900) })).toMatchObject({ failures: 0, since: 0 });
    const why = of({ state: "failing", why: `\u001b[2J${"x".repeat(5000)}` })?.why ?? "";
    expect([why.length <= 200, why.startsWith("\\u{1b}[2J")]).toEqual([true, true]);
  });

  test.each([
    ["no uptime", unit("web", "active")],
    ["an uptime that is none", lines("-\tup\tsoon", unit("web", "active"))],
    ["a unit that is nothing that systemd says", lines(up, unit("web", "\u001b[2J"))],
    ["a machine without a unit", lines(up, health("web", failing))],
  ])("is refused with %s", (_, text) => expect(() => parseLife(text)).toThrow(/NSPAWN_REPORT/));
});
