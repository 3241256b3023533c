import * as lab from "../../lab";
import { elsewhere } from "../../cli/stack/place";
import * as engine from "../../cli/stack/pulumi";

jest.mock("../../lab");
jest.mock("../../cli/stack/pulumi");
const entries: string[] = [];
jest.mock("node:fs", () => ({ ...jest.requireActual<object>("node:fs"), readdirSync: () => entries }));

const running = (...names: string[]) => {
  entries.splice(0, entries.length, ".lab-one.lock", "inotify-before.json", ...names);
  jest.mocked(lab.labStatus).mockImplementation((name = "") => {
    if (!/^[a-z][a-z0-9-]*$/.test(name)) throw new Error("no name of a lab");
    return { name, state: name.startsWith("old") ? "stopped" : "running" } as lab.LabStatus;
  });
  jest.mocked(lab.labExec).mockReset().mockResolvedValue(7);
};
const selected = (yes: boolean) =>
  jest.mocked(engine.pulumi).mockResolvedValue({ code: yes ? 0 : 255, stdout: "", stderr: "" });
const entered = () =>
  jest.mocked(lab.labExec).mock.calls.map(([place, argv, options]) => [place, argv.slice(2), options]);

beforeEach(() => delete process.env.NSPAWN_LAB);

test("a lab that is named is entered, and the command's exit code is passed on", async () => {
  running();
  expect(await elsewhere({ lab: "mine" }, ["ls", "--json"])).toBe(7);
  expect(entered()).toEqual([["operator", ["ls", "--json"], { name: "mine" }]]);
});

test("in that lab already, it looks from here", async () => {
  running("mine");
  process.env.NSPAWN_LAB = "mine";
  expect(await elsewhere({ lab: "mine" }, [])).toBeUndefined();
  expect(await elsewhere({}, [])).toBeUndefined();
});

test("the stack that is selected here comes before a lab that runs", async () => {
  running("mine");
  selected(true);
  expect(await elsewhere({}, [])).toBeUndefined();
  expect(await elsewhere({ stack: "production" }, [])).toBeUndefined();
  expect(lab.labExec).not.toHaveBeenCalled();
});

test("without a selected stack the lab that runs is entered", async () => {
  running("old", "mine");
  selected(false);
  expect(await elsewhere({}, ["doctor", "web"])).toBe(7);
  expect(entered()).toEqual([["operator", ["doctor", "web"], { name: "mine" }]]);
});

test("several running labs: one has to be named", async () => {
  running("a", "b");
  selected(false);
  await expect(elsewhere({}, [])).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringContaining("a, b") as string,
  });
});

test("no lab and no pulumi: looks from here, where the error is said", async () => {
  running();
  jest.mocked(engine.pulumi).mockRejectedValue(new Error("ENOENT"));
  expect(await elsewhere({}, [])).toBeUndefined();
});
