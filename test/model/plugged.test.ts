import fc from "fast-check";
import type { MachineNetworkArgs } from "../../provider/model/args";
import { parseMachine } from "../../provider/model/parse-machine";
import { machinePort } from "../../provider/model/paths";
import { plugOf, pluggedNetworks } from "../../provider/model/plugged";
import { UNKNOWN } from "../../provider/model/unknown";
import { machineArgs } from "../support/sample";
import { problemsOf } from "../support/refusal";

describe("the host's end of a machine's networks", () => {
  it("is systemd-nspawn's own for the first, and has its number for others", () => {
    expect([0, 1, 2].map((index) => machinePort(plugOf("web", index)))).toEqual(["vb-web", "vb-web_1", "vb-web_2"]);
    expect(machinePort(plugOf("web", 1), "veth")).toBe("ve-web_1");
  });

  it("is the name's hash where that would be too long, and stays so", () => {
    expect([plugOf("database-1", 1), plugOf("database-11", 0), plugOf("database-11", 1)]).toEqual([
      "database-1_1",
      "database-11",
      "datagvk44n_1",
    ]);
    expect([plugOf("kube-controller-1", 0), plugOf("kube-controller-1", 1)]).toEqual(["kube_dlak2d3", "kubedlak2d_1"]);
  });

  it("is one of fifteen bytes that no other machine has", () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,24}$/);
    fc.assert(
      fc.property(fc.uniqueArray(name, { maxLength: 20 }), (names) => {
        const all = names.flatMap((machine) => [0, 1, 7].map((index) => machinePort(plugOf(machine, index))));
        expect(new Set(all).size).toBe(all.length);
        expect(Math.max(0, ...all.map((port) => port.length))).toBeLessThanOrEqual(15);
      }),
    );
  });

  it("is not known before the machine's name is", () => {
    expect([plugOf(UNKNOWN, 0), plugOf(UNKNOWN, 1)]).toEqual([UNKNOWN, UNKNOWN]);
    expect(pluggedNetworks({ name: "web", networks: UNKNOWN as never })).toHaveLength(1);
  });
});

describe("several networks of one machine", () => {
  const on = (bridge: string, more: Partial<MachineNetworkArgs> = {}): MachineNetworkArgs => ({
    bridge,
    addresses: [],
    ...more,
  });

  it.each<[string, MachineNetworkArgs[], string, RegExp]>([
    [
      "one bridge twice",
      [on("br0"), on("br0", { interface: "x" })],
      "networks[1].bridge",
      /br0 already, by networks\[0\]/,
    ],
    ["a name of the first", [on("br0", { interface: "eth0" })], "networks[0].interface", /is always host0/],
    ["host0 again", [on("br0"), on("br1", { interface: "host0" })], "networks[1].interface", /reserved/],
    ["loopback", [on("br0"), on("br1", { interface: "lo" })], "networks[1].interface", /reserved/],
    ["sixteen bytes", [on("br0"), on("br1", { interface: "a234567890123456" })], "networks[1].interface", /1 to 15/],
    [
      "one name twice",
      [on("br0"), on("br1"), on("br2", { interface: "br1" })],
      "networks[2].interface",
      /br1 is the interface of networks\[1\] already/,
    ],
    [
      "two default routes",
      [on("br0", { defaultRoute: true }), on("br1", { defaultRoute: true })],
      "networks[1].defaultRoute",
      /networks\[0\] has the default routes already/,
    ],
  ])("refuses %s", (_, networks, path, message) => {
    const problems = problemsOf(parseMachine(machineArgs({ networks })));
    expect(problems).toEqual([{ path, message: expect.stringMatching(message) as string }]);
  });

  it("takes eight", () => {
    const networks = Array.from({ length: 8 }, (_, index) => on(`br${index}`, { defaultRoute: index === 3 }));
    expect(parseMachine(machineArgs({ networks })).ok).toBe(true);
  });
});
