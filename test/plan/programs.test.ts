import { execFileSync } from "node:child_process";
import fc from "fast-check";
import type { BridgeArgs, HostArgs, MachineArgs } from "../../provider/model/args";
import { encodeSteps, shellName } from "../../provider/plan/encode";
import { planBridge } from "../../provider/plan/plan-bridge";
import { planHost } from "../../provider/plan/plan-host";
import { planMachine } from "../../provider/plan/plan-machine";
import {
  planBridgeRemoval,
  planFloatingIpRemoval,
  planHostRemoval,
  planMachineRemoval,
} from "../../provider/plan/plan-removal";
import { fieldsOf } from "../../provider/plan/step";
import type { Program } from "../../provider/plan/program";
import { hostShell } from "../../provider/host/program";
import { desiredBridge } from "../../provider/render/desired-bridge";
import { desiredHost } from "../../provider/render/desired-host";
import { desiredMachine } from "../../provider/render/desired-machine";
import { bridgeArguments, common, machineArguments } from "../support/arguments";
import { machineArgs as sample } from "../support/sample";

const machineArgs = machineArguments({ rootPassword: "$6$salt$canaryhash" }) as unknown as MachineArgs;
const machine = planMachine(machineArgs, desiredMachine(machineArgs), {});
const later = planMachine({ ...machineArgs, startAfter: ["db", "cache"] }, desiredMachine(machineArgs), {});
const subnet = "2001:db8:1:0:5::/80";
const withSubnet = machineArguments({
  networks: sample().networks.map((network) => ({ ...network, subnets: [{ subnet }] })),
}) as unknown as MachineArgs;
const router = planMachine(withSubnet, desiredMachine(withSubnet), {});
const bridgeArgs = bridgeArguments() as unknown as BridgeArgs;
const bridge = planBridge(bridgeArgs, desiredBridge(bridgeArgs), {});
const macvlanArgs = bridgeArguments({ macvlan: "mv-br0" }) as unknown as BridgeArgs;
const withMacvlan = planBridge(macvlanArgs, desiredBridge(macvlanArgs), {});
const [network] = machineArgs.networks;
const onMacvlan = { ...network!, attach: "macvlan", macvlan: "mv-br0" } as const;
const onMacvlansArgs = { ...machineArgs, networks: [onMacvlan, { ...onMacvlan, bridge: "br1", interface: "store" }] };
const onMacvlans = planMachine(onMacvlansArgs, desiredMachine(onMacvlansArgs), {});
const transparentArgs = bridgeArguments({ mode: "transparent", uplink: "eth0" }) as unknown as BridgeArgs;
const transparent = planBridge(transparentArgs, desiredBridge(transparentArgs), {});
const hostArgs = {
  ...common("host", "host-1"),
  packages: ["vim"],
  sysctls: {},
  resolved: true,
  adopt: false,
} as unknown as HostArgs;
const rotation = { privateKey: "-----BEGIN canarykey", publicKey: "ssh-ed25519 AAAA" };
const host = planHost(hostArgs, desiredHost(hostArgs), { first: true, rotation });
const storageArgs = { ...hostArgs, storage: { type: "btrfs", size: "2T" } } as const;
const autoArgs = { ...hostArgs, storage: { type: "auto" } } as const;
const withChoice = planHost(autoArgs, desiredHost(autoArgs), { first: true });
const withStorage = planHost(storageArgs, desiredHost(storageArgs), { first: false });
const verbs = (program: Program): string[] => program.steps.map((step) => step.verb);

describe("the program for hosts", () => {
  it("is shell that dash can read", () => {
    expect(() => execFileSync("dash", ["-n"], { input: hostShell() })).not.toThrow();
  });

  it.each(Object.entries(fieldsOf))("has a function for %s, which calls its fields by their names", (verb, fields) => {
    const oneLine = new RegExp(`^step_${verb}\\(\\) \\{ (.*) \\}`, "m").exec(hostShell())?.[1];
    const body = oneLine ?? new RegExp(`^step_${verb}\\(\\) \\{.*\\n([^]*?)^\\}`, "m").exec(hostShell())?.[1] ?? "";
    const named = [...(/^ *local ((?:\w+="\$\d" ?)+)/.exec(body)?.[1] ?? "").matchAll(/(\w+)="\$(\d)"/g)];
    const names = Object.keys(fields).map(shellName);
    expect(hostShell()).toContain(`\nstep_${verb}() {`);
    expect(named.map(([, name]) => [name, names.indexOf(name!) + 1])).toEqual(
      named.map(([, name, place]) => [name, Number(place)]),
    );
    // By no number elsewhere.
    expect(body.replace(/^ *local .*$/m, "").replace(/'[^'\n]*'/g, "")).not.toMatch(/\$\{?[1-9]/);
  });

  it("has no other steps", () => {
    const found = [...hostShell().matchAll(/^step_(\w+)\(\)/gm)].map(([, verb]) => verb);
    expect(found.sort()).toEqual(Object.keys(fieldsOf).sort());
  });
});

describe("steps", () => {
  it("are lines that no value can break out of", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 20 }), (value) => {
        const encode = (): string => encodeSteps([{ verb: "drop_link", key: "k", link: value }]);
        if (value === "" || /[\u0000-\u001f\u007f]/.test(value)) expect(encode).toThrow("one line of text");
        else
          expect(
            encode()
              .split("\n")
              .map((line) => line.split("\t").length),
          ).toEqual([3, 1]);
      }),
      { seed: 3, numRuns: 1000 },
    );
  });

  it("name texts, and never hold a secret", () => {
    expect(encodeSteps(machine.steps)).not.toContain("canaryhash");
    expect(encodeSteps(host.steps)).not.toContain("canarykey");
    expect(Object.values(machine.texts)).toContain("$6$salt$canaryhash\n");
  });
});

describe("programs", () => {
  it("of a machine have its files in place before it exists, and it starts after its routes do", () => {
    const order = verbs(machine);
    expect(order.lastIndexOf("guest_file")).toBeLessThan(order.indexOf("publish"));
    expect(order.indexOf("guest_password")).toBeLessThan(order.indexOf("publish"));
    expect(order.indexOf("publish")).toBeLessThan(order.indexOf("machine"));
    expect(order.lastIndexOf("await_route")).toBeLessThan(order.indexOf("machine"));
  });

  it("hold the host's lock neither while an image is built nor while a machine starts", () => {
    for (const verb of ["image", "tree", "machine", "await_ready", "facts"]) {
      const before = verbs(machine).slice(0, verbs(machine).indexOf(verb));
      expect([verb, before.lastIndexOf("unlock")]).toEqual([
        verb,
        Math.max(before.lastIndexOf("lock"), before.lastIndexOf("unlock")),
      ]);
    }
    const before = verbs(host).slice(0, verbs(host).indexOf("install"));
    expect(before.lastIndexOf("unlock")).toBeGreaterThan(before.lastIndexOf("lock"));
  });

  it("of a bridge touch no machine", () => {
    expect(verbs(bridge).filter((verb) => /machine|tree|guest|publish|retire/.test(verb))).toEqual([]);
  });

  it("of a bridge wire its macvlan when it is up, and of a machine look there before they begin", () => {
    const order = verbs(withMacvlan);
    expect(order.indexOf("guard_macvlan")).toBeLessThan(order.indexOf("file"));
    expect(order.indexOf("wired")).toBeGreaterThan(order.indexOf("bridge_up"));
    expect(verbs(bridge).filter((verb) => verb === "wired" || verb === "guard_macvlan")).toEqual([]);
    // The name of one alone is the program's.
    expect(onMacvlans.steps.filter(({ verb }) => verb === "macvlan_name")).toEqual([
      { verb: "macvlan_name", name: "store", macvlan: "mv-br0" },
    ]);
    expect(onMacvlans.steps.filter(({ verb }) => verb.startsWith("plugged"))).toEqual([
      { verb: "plugged_inside", machine: "web", inside: "mv-mv-br0" },
      { verb: "plugged_inside", machine: "web", inside: "store" },
    ]);
  });

  it("of a host change the host key before anything is claimed, and forward only after the uplink is ready for it", () => {
    const order = verbs(host);
    expect(order.indexOf("host_key")).toBeLessThan(order.indexOf("claim"));
    expect(order.indexOf("keep_names")).toBeLessThan(order.indexOf("install"));
    expect(order.indexOf("uplink")).toBeLessThan(order.indexOf("sysctls"));
  });

  it("of everything belong to one resource at a time", () => {
    for (const program of [machine, bridge, host])
      expect(program.steps.findIndex((step) => step.verb === "own")).toBeLessThan(
        program.steps.findIndex((step) => step.verb === "lock"),
      );
  });

  it("of a machine with a subnet look at its way before, wait for its route, and look once more", () => {
    const order = verbs(router);
    const places = ["vacant_subnets", "delegated", "begin", "machine", "answered_for"].map((verb) =>
      order.indexOf(verb as never),
    );
    expect(places.filter((place) => place < 0)).toEqual([]);
    expect([...places].sort((a, b) => a - b)).toEqual(places);
    expect(router.steps).toContainEqual({
      ...{ verb: "await_route", link: "br0", destination: subnet, gateway: "2001:db8:1::7" },
    });
    expect(Object.values(router.texts)).toContain(`${subnet}\n`);
    expect(Object.values(router.texts).some((text) => text.includes(`\nsubnet\t${subnet}\n`))).toBe(true);
    expect(verbs(machine).filter((verb) => ["vacant_subnets", "delegated", "answered_for"].includes(verb))).toEqual([]);
  });

  // Before: looking, and the host key that the next login needs. After: what tells whether the machine came up.
  const outside = [
    "own",
    "at_home",
    "macvlan_name",
    "vacant",
    "vacant_subnets",
    "delegated",
    "still_answered",
    "storage_fits",
    "choose_storage",
    "no_storage",
    "own_address",
    "lock",
    "unlock",
    "preflight",
    "cloud_init",
    "host_key",
    "facts",
  ];
  const after = [
    "unlock",
    "start_after",
    "machine",
    "plugged",
    "plugged_inside",
    "port",
    "link_size",
    "await_ready",
    "await_answer",
    "await_lan",
    "await_lease",
  ].concat([...["probe", "reached", "probe_names", "answered_for", "facts", "finish_release", "storage_left"]]);
  it.each([
    ["machine", machine, "commit"],
    ["machine with a subnet", router, "commit"],
    ["machine on macvlans", onMacvlans, "commit"],
    ["machine after others", later, "commit"],
    ["bridge", bridge, "confirm"],
    ["bridge with a macvlan", withMacvlan, "confirm"],
    ["transparent bridge", transparent, "confirm"],
    ["host", host, "confirm"],
    ["machine's removal", planMachineRemoval(machineArgs), "commit"],
    ["bridge's removal", planBridgeRemoval("o", "br0"), "confirm"],
    ["host with storage of its own", withStorage, "confirm"],
    ["host that chooses its storage", withChoice, "confirm"],
    ["host's removal", planHostRemoval("o"), "confirm"],
    ["address's removal", planFloatingIpRemoval("o", "web"), "commit"],
  ])("of a %s changes the host within one transaction only", (_kind, program, end) => {
    const order = verbs(program);
    expect(order.filter((verb) => verb === "begin")).toHaveLength(1);
    expect(order.filter((verb) => verb === "commit" || verb === "confirm")).toEqual([end]);
    expect(order.slice(0, order.indexOf("begin")).filter((verb) => !outside.includes(verb))).toEqual([]);
    expect(order.slice(order.indexOf(end) + 1).filter((verb) => !after.includes(verb))).toEqual([]);
    expect(program.confirm !== undefined).toBe(end === "confirm");
  });
});
