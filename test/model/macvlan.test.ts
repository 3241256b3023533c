import fc from "fast-check";
import type { BridgeArgs, MachineNetworkArgs } from "../../provider/model/args";
import { parseBridge } from "../../provider/model/parse-bridge";
import { parseMachine } from "../../provider/model/parse-machine";
import { insideOf, pluggedNetworks } from "../../provider/model/plugged";
import { UNKNOWN } from "../../provider/model/unknown";
import { longestMacvlan, macvlanOf, wiredNames } from "../../provider/model/wired";
import { problemsOf } from "../support/refusal";
import { bridgeArgs, machineArgs } from "../support/sample";

const isolated = { mode: "isolated", ipv6: undefined, ipv4: undefined } as const;

describe("a macvlan that is wired to a bridge", () => {
  it("is called like the bridge", () => {
    expect(["br-mgmt", "back", "br-", "x-br-y"].map(macvlanOf)).toEqual(["mv-mgmt", "mv-back", "mv-", "mv-x-br-y"]);
  });

  it("has a pair of two ends, of fifteen bytes at most", () => {
    expect(wiredNames("mv-container")).toEqual({
      macvlan: "mv-container",
      port: "mv-container-v1",
      lower: "mv-container-v2",
    });
    expect("mv-container-v1").toHaveLength(15);
  });

  it("is accepted up to twelve bytes, and no machine's own name on it has more than fifteen", () => {
    const name = fc
      .stringMatching(/^[a-z][a-z0-9-]{0,19}$/)
      .filter((text) => !/^(eth|en|wl|ww|ve-|vb-|vz-|host|lo$|all$)/.test(text));
    fc.assert(
      fc.property(name, (macvlan) => {
        expect([macvlan, parseBridge(bridgeArgs({ macvlan })).ok]).toEqual([macvlan, macvlan.length <= longestMacvlan]);
        const inside = insideOf({ bridge: "br0", attach: "macvlan", macvlan }, 0);
        if (macvlan.length <= longestMacvlan) expect(inside.length).toBeLessThanOrEqual(15);
      }),
      { seed: 7 },
    );
  });

  it.each<[Partial<BridgeArgs>, RegExp]>([
    [{ macvlan: "mv-containers" }, /12 bytes at most.*it has 13; give the bridge macvlan: \{ name \}/],
    [{ macvlan: "mv mgmt" }, /must be an interface name of 12 bytes/],
    [{ macvlan: "" }, /must be an interface name of 12 bytes/],
    [{ macvlan: "eth0" }, /reserved for another interface/],
    [{ macvlan: "vb-web" }, /reserved for another interface/],
    [{ macvlan: true as never }, /must be a text/],
    [{ macvlan: "back", bridge: "back" }, /are called like the bridge/],
    [{ macvlan: "back", bridge: "back-v1" }, /are called like the bridge/],
    [{ macvlan: "mv-br0", isolation: "tenant" }, /needs isolation: "none" \(got "tenant"\)/],
    [{ macvlan: "mv-br0", mode: "isolated", isolation: "tenant" }, /needs isolation: "none" \(got "tenant"\)/],
    [
      { macvlan: "mv-br0", mode: "nat", isolation: "tenant", lan4: { network: "10.0.3.0/24", gateway: "10.0.3.1" } },
      /needs mode "isolated" or "routed" \(got "nat"\)/,
    ],
    [
      { macvlan: "mv-br0", mode: "transparent", uplink: "eth0" },
      /needs mode "isolated" or "routed" \(got "transparent"\)/,
    ],
  ])("is refused: %j", (changes, message) => {
    expect(problemsOf(parseBridge(bridgeArgs(changes)))).toEqual([
      { path: "macvlan", message: expect.stringMatching(message) as string },
    ]);
  });

  it.each(["isolated", "routed"] as const)("is accepted in mode %s, and may be unknown in a preview", (mode) => {
    for (const macvlan of ["mv-br0", UNKNOWN])
      expect(parseBridge(bridgeArgs({ ...(mode === "isolated" && isolated), mode, macvlan })).ok).toBe(true);
  });
});

describe("a machine on a macvlan", () => {
  const on: MachineNetworkArgs = {
    bridge: "br-mgmt",
    attach: "macvlan",
    macvlan: "mv-mgmt",
    mode: "isolated",
    addresses: [],
  };

  it("has the interface that systemd-nspawn makes, or the one that it is given, also as its first", () => {
    expect([insideOf(on, 0), insideOf(on, 3), insideOf({ ...on, interface: "eth0" }, 0)]).toEqual([
      "mv-mv-mgmt",
      "mv-mv-mgmt",
      "eth0",
    ]);
    expect(pluggedNetworks({ name: "web", networks: [{ ...on, macvlan: UNKNOWN }] })[0]?.inside).toBe(UNKNOWN);
  });

  it.each<[string, Partial<MachineNetworkArgs>[], string, RegExp]>([
    [
      "a bridge without one",
      [{ macvlan: undefined }],
      "networks[0].attach",
      /br-mgmt.* has no macvlan; give it macvlan: true/,
    ],
    ["a protected bridge", [{ isolation: "tenant" }], "networks[0].attach", /needs isolation: "none"/],
    [
      "another attachment",
      [{ attach: "ipvlan" as never }],
      "networks[0].attach",
      /must be "bridge" or "veth" or "macvlan"/,
    ],
    [
      "one name twice",
      [{}, { bridge: "back", macvlan: "mv-back", interface: "mv-mv-mgmt" }],
      "networks[1].interface",
      /mv-mv-mgmt is the interface of networks\[0\] already/,
    ],
    ["one bridge twice", [{ attach: "bridge" }, {}], "networks[1].bridge", /br-mgmt already/],
  ])("refuses %s", (_, changes, path, message) => {
    const networks = changes.map((change) => ({ ...on, ...change }));
    expect(problemsOf(parseMachine(machineArgs({ networks })))).toEqual([
      { path, message: expect.stringMatching(message) as string },
    ]);
  });

  it("is accepted beside others, and alone with a name of its own", () => {
    for (const networks of [[on], [{ ...on, interface: "eth1" }], [...machineArgs().networks, on]])
      expect(problemsIn(networks)).toEqual([]);
  });

  const problemsIn = (networks: MachineNetworkArgs[]) => {
    const parsed = parseMachine(machineArgs({ networks }));
    return parsed.ok ? [] : parsed.problems;
  };
});
