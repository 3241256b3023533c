import type { MachineArgs } from "../../provider/model/args";
import { UNKNOWN } from "../../provider/model/unknown";
import { desiredMachine } from "../../provider/render/desired-machine";
import { machineArgs } from "../support/sample";
import { expectGolden } from "./golden";

describe("a machine", () => {
  it("that is looked after by a page of its own", () => {
    const health = { http: { port: 8080, path: "/it's?up" }, interval: 10, timeout: 3, retries: 5, startPeriod: 0 };
    expectGolden(
      "machine-health",
      desiredMachine(machineArgs({ networks: [], health: { ...health, action: "none" } })),
    );
  });

  it("that is looked after by a command, and restarted", () => {
    const health = { command: ["/usr/bin/check", "it's", "$HOME %i"] };
    expectGolden("machine-health-command", desiredMachine(machineArgs({ networks: [], health })));
  });

  it.each<[string, MachineArgs["health"]]>([
    ["all of it", UNKNOWN as never],
    ["its port", { tcp: UNKNOWN as never }],
    ["a word", { command: ["/bin/check", UNKNOWN] }],
    ["its action", { manager: true, action: UNKNOWN as never }],
  ])("leaves out what looks after it where a preview does not know %s", (_, health) => {
    const { files, boot, live } = desiredMachine(machineArgs({ networks: [], health }));
    expect(JSON.stringify([files, boot, live])).not.toMatch(/health/);
    const isSure = health?.action === undefined && health !== (UNKNOWN as never);
    expect(Object.keys(files).filter((path) => /61-pulumi|start/.test(path))).toHaveLength(isSure ? 2 : 0);
  });
});
