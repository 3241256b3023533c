import type { MachineArgs } from "../../provider/model/args";
import { parseFacts } from "../../provider/observe/facts/parse-facts";
import { planMachine } from "../../provider/plan/plan-machine";
import { desiredMachine } from "../../provider/render/desired-machine";
import { machineArguments } from "../support/arguments";

const args = (changes: Partial<MachineArgs>): MachineArgs => machineArguments(changes) as unknown as MachineArgs;
const plan = (changes: Partial<MachineArgs>) => planMachine(args(changes), desiredMachine(args(changes)), {});

describe("limits as the service manager says them", () => {
  const limits = (said: string) =>
    parseFacts({
      texts: new Map([["units", `Id=a.service\n${said}\nActiveState=active\n`]]),
      files: new Map(),
    }).units.get("a.service")?.limits;

  test.each([
    ["CPUQuotaPerSecUSec=10ms", { CPUQuota: "1%" }],
    ["CPUQuotaPerSecUSec=330ms", { CPUQuota: "33%" }],
    ["CPUQuotaPerSecUSec=1.330000s", { CPUQuota: "133%" }],
    ["CPUQuotaPerSecUSec=1min 40s", { CPUQuota: "10000%" }],
    ["CPUQuotaPerSecUSec=16min 40s", { CPUQuota: "100000%" }],
    ["CPUQuotaPerSecUSec=1h", { CPUQuota: "360000%" }],
    ["CPUQuotaPerSecUSec=125us", { CPUQuota: "0.01%" }],
    ["CPUQuotaPerSecUSec=infinity", { CPUQuota: "infinity" }],
    [
      "CPUWeight=[not set]\nIOWeight=[not set]\nMemoryHigh=infinity\nMemoryMax=infinity\nTasksMax=16384",
      { MemoryHigh: "infinity", MemoryMax: "infinity", TasksMax: "16384" },
    ],
    ["CPUWeight=50\nIOWeight=20", { CPUWeight: "50", IOWeight: "20" }],
    ["", undefined],
  ])("%j", (said, expected) => expect(limits(said)).toEqual(expected));
});

describe("the program of a machine with limits and mounts", () => {
  const verbs = (changes: Partial<MachineArgs>): string[] => plan(changes).steps.map(({ verb }) => verb);
  const files = { bind: [{ source: "/srv/a", map: "rootidmap" as const }], bindReadOnly: [{ source: "/srv/b" }] };

  it("looks at the host before anything is changed, and at its own limits after the files", () => {
    const all = verbs({ limits: { tasksMax: 300, diskQuota: 2 ** 30 }, settings: { files } });
    const at = (verb: string): number => all.indexOf(verb);
    expect(at("controllers")).toBeGreaterThan(at("own"));
    expect(at("mount_sources")).toBeLessThan(at("begin"));
    expect(at("controllers")).toBeLessThan(at("begin"));
    expect(at("quota_fits")).toBeLessThan(at("begin"));
    expect(at("quota")).toBeGreaterThan(at("settle"));
    expect(at("quota")).toBeLessThan(at("commit"));
    expect(at("limits")).toBeGreaterThan(at("settle"));
    expect(at("limits")).toBeLessThan(at("commit"));
  });

  it("has none of these steps without them", () => {
    for (const changes of [{}, { limits: {} }, { limits: { optional: true } }, { settings: { exec: {} } }])
      expect(verbs(changes).filter((verb) => ["controllers", "mount_sources", "limits"].includes(verb))).toEqual([]);
  });

  it("names each controller once, and whether it has to be there", () => {
    const step = (limits: MachineArgs["limits"]) => plan({ limits }).steps.find(({ verb }) => verb === "controllers");
    expect(step({ cpuQuota: 50, cpuWeight: 9, ioWeight: 9, memoryHigh: 9e8, memoryMax: 1e9, tasksMax: 99 })).toEqual({
      verb: "controllers",
      names: "cpu io memory pids",
      optional: "no",
    });
    expect(step({ tasksMax: 99, optional: true })).toEqual({ verb: "controllers", names: "pids", optional: "yes" });
  });

  it("takes sources along as data", () => {
    const { steps, texts } = plan({ settings: { files } });
    const step = steps.find(({ verb }) => verb === "mount_sources");
    expect(texts[step?.verb === "mount_sources" ? step.text : ""]).toBe("/srv/a\trootidmap\n/srv/b\t-\n");
  });
});
