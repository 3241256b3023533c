import type { MachineArgs } from "../../provider/model/args";
import { encodeSteps } from "../../provider/plan/encode";
import { planMachine } from "../../provider/plan/plan-machine";
import { desiredMachine } from "../../provider/render/desired-machine";
import { hostKeyText, machineArgs } from "../support/sample";

const plan = (changes: Partial<MachineArgs>, previous: Parameters<typeof planMachine>[2] = {}) => {
  const args = machineArgs(changes);
  return planMachine(args, desiredMachine(args), previous);
};
const list = (changes: Partial<MachineArgs>): string[][] =>
  plan(changes)
    .texts["provision.list"]!.split("\n")
    .filter((line) => line !== "")
    .map((line) => line.split("\t"));
const digests = (changes: Partial<MachineArgs>): Record<string, string> =>
  Object.fromEntries(list(changes).map(([digest, , name]) => [name!, digest!]));

const ann = { name: "ann", authorizedKeys: [hostKeyText], shell: "/bin/bash", sudo: false };
const secretFile = { path: "/etc/s", mode: "0600", owner: "root" };
const motd = { path: "/etc/motd", content: "hello\n", mode: "0644", owner: "root" };
const given: Partial<MachineArgs> = {
  users: [ann],
  provision: {
    packages: ["less"],
    files: [motd, secretFile],
    units: [{ name: "a.service", content: "[Service]\n", enable: true }],
    commands: ["true", ["echo", "it's"]],
  },
  secrets: { files: { "/etc/s": "canaryfile" }, passwords: { ann: "$6$canaryhash" } },
};

describe("what is done inside a machine", () => {
  it("is a list in its order, whose texts travel apart, under names that say nothing", () => {
    const { steps, texts } = plan(given);
    expect(list(given).map(([, , ...words]) => words)).toEqual([
      ["packages", "provision.1"],
      ["user ann", "provision.3", "/bin/bash", "-", "no", "provision.2"],
      ["file /etc/motd", "provision.4", "0644", "root", "-"],
      ["file /etc/s", "provision.5", "0600", "root", "-"],
      ["unit a.service", "provision.6", "yes"],
      ["command 1", "provision.7"],
      ["command 2", "provision.8"],
      ["commands", "-"],
    ]);
    expect(texts["provision.5"]).toBe("canaryfile");
    expect(texts["provision.8"]).toBe("exec 'echo' 'it'\\''s'\n");
    expect(encodeSteps(steps) + texts["provision.list"]! + Object.keys(texts).join()).not.toContain("canary");
  });

  it("comes after the machine's network, before what it has to answer, and outside of the transaction", () => {
    const order = plan({ ...given, readyWhen: { tcp: 80 } }).steps.map(({ verb }) => verb);
    const places = ["commit", "machine", "await_ready", "provision", "probe", "await_service", "facts"].map((verb) =>
      order.indexOf(verb as never),
    );
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places).not.toContain(-1);
    expect(plan({ ...given, readyWhen: "started" }).steps.map(({ verb }) => verb)).toContain("provision");
  });

  it("has the time that it may take", () => {
    expect(plan(given).deadline - plan({}).deadline).toBe(900 * 4);
    expect(plan({ users: [ann] }).deadline).toBeGreaterThan(plan({}).deadline);
  });

  it("is nothing for a machine that has none, or does not run; what it had is taken back", () => {
    const steps = (changes: Partial<MachineArgs>, first?: boolean) =>
      plan(changes, { first }).steps.filter(({ verb }) => verb === "provision");
    expect([steps({}), steps({}, true), steps({ ...given, running: false })]).toEqual([[], [], []]);
    expect(steps({}, false)).toEqual([{ verb: "provision", machine: "web", list: "-" }]);
    expect(desiredMachine(machineArgs({ ...given, running: false })).live).not.toHaveProperty("provision");
  });

  it("has another digest for another content, secret or not, and for nothing else", () => {
    const before = digests(given);
    const changed = (changes: Partial<MachineArgs>): string[] => {
      const after = digests({ ...given, ...changes });
      return Object.keys(before).filter((name) => before[name] !== after[name]);
    };
    const commands = ["command 1", "command 2", "commands"];
    const { provision, secrets } = given;
    expect(changed({})).toEqual([]);
    expect(changed({ secrets: { ...secrets, files: { "/etc/s": "other" } } })).toEqual(["file /etc/s", ...commands]);
    expect(changed({ secrets: { ...secrets, passwords: {} } })).toEqual(["user ann"]);
    expect(changed({ provision: { ...provision, files: [{ ...motd, mode: "0600" }, secretFile] } })).toEqual([
      "file /etc/motd",
      ...commands,
    ]);
    expect(changed({ provision: { ...provision, commands: ["true", "false"] } })).toEqual(["command 2", "commands"]);
    expect(changed({ provision: { ...provision, packages: ["acl", "less"] } })).toEqual(["packages", ...commands]);
    expect(before.commands).not.toBe(before["command 2"]);
  });

  it("takes along what was done where a machine comes from", () => {
    const { steps, texts } = plan(given, { arrives: true, provisioned: "0\t-\tcommands\n" });
    const order = steps.map(({ verb }) => verb);
    expect(order.indexOf("provisioned")).toBe(order.indexOf("arrive") + 1);
    expect(texts["provision.before"]).toBe("0\t-\tcommands\n");
  });
});
