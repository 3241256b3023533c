import { lsCommand } from "../../cli/ls";
import { lifeOf, type Looked } from "../../cli/ls/life-of";
import { record, table, type Listed } from "../../cli/ls/list";
import { healthLines, size, span } from "../../cli/ls/words";
import { CliError } from "../../cli/cli-error";
import * as stacks from "../../cli/stack/read-stacks";
import type { FoundHealth, Life } from "../../provider/observe/life/life";
import { machine, stack } from "./host";

jest.mock("../../cli/ls/life-of");
jest.mock("../../cli/stack/read-stacks");

const health = (changes: Partial<FoundHealth> = {}): FoundHealth => ({
  ...{ state: "healthy", since: 1764600000, checked: 1764600060, failures: 0, retries: 3 },
  ...{ restarts: 0, restarted: 0, why: "" },
  ...changes,
});
const life = (changes: Partial<Life> = {}): Looked => ({ life: { unit: "active", uptime: 3725, ...changes } });
const one = (looked?: Looked, change?: Parameters<typeof machine>[0]): Listed => ({ machine: machine(change), looked });
/** Of the table, the cells of its only machine by the titles of their columns, line by line. */
function cells(listed: Listed): Record<string, string> {
  const plain = table([listed]).replace(/\u001b\[\d+m/g, "");
  const rows = plain.split("\n").filter((line) => line.startsWith("│"));
  const [head = [], ...lines] = rows.map((row) =>
    row
      .split("│")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
  const of = (column: number): string =>
    lines
      .map((line) => line[column])
      .filter(Boolean)
      .join(" / ");
  return Object.fromEntries(head.map((title, column) => [title, of(column)]));
}

describe("words", () => {
  test.each([
    [0, "0 s"],
    [45, "45 s"],
    [60, "1 min"],
    [3725, "1 h 2 min"],
    [86_400, "1 d"],
    [266_000, "3 d 1 h"],
  ])("of %d seconds are %s", (seconds, said) => expect(span(seconds)).toBe(said));

  test.each([
    [52_428_800, "50 MiB"],
    [1_503_238_553, "1.4 GiB"],
  ])("of %d bytes are %s", (bytes, said) => expect(size(bytes)).toBe(said));

  test.each<[Partial<FoundHealth>, string[]]>([
    [{}, ["healthy"]],
    [{ state: "failing", failures: 2 }, ["failing 2 of 3"]],
    [{ state: "unhealthy", failures: 7 }, ["unhealthy"]],
    [{ restarts: 2, restarted: 1764590000 }, ["healthy", "restarted 2×, last 2025-12-01 11:53 UTC"]],
  ])("of health %j are %j", (changes, said) => expect(healthLines(health(changes))).toEqual(said));
});

describe("a machine in the list", () => {
  test("has what its host says of it", () => {
    const looked = life({
      memory: 52_428_800,
      disk: 1_503_238_553,
      health: health({ state: "failing", failures: 2, why: "port 80: refuses" }),
    });
    expect(cells(one(looked))).toMatchObject({
      ...{
        NAME: "web",
        STATE: "running",
        UPTIME: "1 h 2 min",
        MEMORY: "50 MiB",
        DISK: "1.4 GiB",
        HEALTH: "failing 2 of 3",
      },
      ...{ IPV4: "198.51.100.7", HOST: "host-1" },
    });
    expect(record(one(looked))).toMatchObject({
      ...{ name: "web", state: "running", unit: "active", uptime: 3725, memory: 52_428_800 },
      health: {
        ...{ state: "failing", failures: 2, retries: 3, restarts: 0, why: "port 80: refuses" },
        ...{ since: "2025-12-01T14:40:00.000Z", checked: "2025-12-01T14:41:00.000Z" },
      },
    });
  });

  test("has no column of what nobody knows", () => {
    expect(Object.keys(cells(one(life())))).toEqual(["NAME", "STATE", "UPTIME", "IPV4", "IPV6", "IMAGE", "HOST"]);
    expect(Object.keys(cells(one()))).toEqual(["NAME", "STATE", "IPV4", "IPV6", "IMAGE", "HOST"]);
  });

  test.each<[string, Looked | undefined, string]>([
    ["failed", life({ unit: "failed" }), "failed"],
    ["is stopped", life({ unit: "inactive" }), "stopped"],
    ["starts", life({ unit: "activating" }), "activating"],
    ["could not be asked about", { error: "no way" }, "running"],
  ])("that %s", (_, looked, state) => expect(cells(one(looked)).STATE).toBe(state));

  test("whose last up failed is not ready, as long as it runs", () => {
    const failed = (looked: Looked) =>
      cells(one(looked, (resources) => (resources.at(-1)!.initErrors = ["did not become ready"]))).STATE;
    expect([failed(life()), failed(life({ unit: "inactive" }))]).toEqual(["not ready", "stopped"]);
  });
});

describe("the command", () => {
  const log = jest.spyOn(console, "log").mockImplementation(() => undefined);
  const errors = jest.spyOn(console, "error").mockImplementation(() => undefined);
  const printed = (of: typeof log): string => of.mock.calls.flat().join("\n");
  const ls = (...words: string[]) => lsCommand().parseAsync(["--stack", "test", ...words], { from: "user" });
  beforeEach(() => [log, errors].forEach((spy) => spy.mockClear()));
  const deployment = { stack: "test", resources: stack() };

  test("asks the hosts, and names those that do not answer", async () => {
    jest.mocked(stacks.readStacks).mockResolvedValue([deployment]);
    jest
      .mocked(lifeOf)
      .mockImplementation((all) => Promise.resolve(new Map(all.map((each) => [each, { error: "refused\u001b[2J" }]))));
    await ls();
    expect(printed(log)).toContain("web");
    expect(printed(errors)).toBe("host-1 could not be asked: refused\\u{1b}[2J");
    await ls("--json");
    expect(JSON.parse(log.mock.calls.at(-1)![0] as string)).toMatchObject({
      machines: [{ name: "web", state: "running", error: "refused\\u{1b}[2J" }],
    });
  });

  test("lists what the state has where its secrets cannot be opened", async () => {
    jest
      .mocked(stacks.readStacks)
      .mockImplementation(({ secrets }) =>
        secrets ? Promise.reject(new CliError("no passphrase", 3)) : Promise.resolve([deployment]),
      );
    await ls();
    expect(printed(log)).toContain("web");
    expect(printed(errors)).toBe("host-1 could not be asked: no passphrase");
  });

  test("ends with what is wrong where no state can be read", async () => {
    jest.mocked(stacks.readStacks).mockRejectedValue(new CliError("no stack", 3));
    await expect(ls()).rejects.toMatchObject({ exitCode: 3, message: "no stack" });
  });
});
