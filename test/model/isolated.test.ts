import type { BridgeArgs, MachineNetworkArgs } from "../../provider/model/args";
import { parseBridge } from "../../provider/model/parse-bridge";
import { parseMachine } from "../../provider/model/parse-machine";
import { uniqueLocal } from "../../provider/model/unique-local";
import { problemsOf } from "../support/refusal";
import { bridgeArgs, machineArgs } from "../support/sample";

const network: MachineNetworkArgs = {
  ...{ bridge: "back", mode: "isolated", isolation: "tenant", addresses: [] },
  ...{ lan4: { network: "10.9.0.0/24" }, lan6: "fd12:3456:789a:1::/64" },
};

describe("a bridge that only machines are on", () => {
  it.each<[Partial<BridgeArgs>, string, RegExp]>([
    [{ attach: "veth", isolation: "tenant" }, "attach", /"veth" needs mode: "routed"/],
    [{ allowBetween: [["a"]], isolation: "tenant" }, "allowBetween", /groups need mode "routed"/],
    [{ hostServices: [{ protocol: "tcp", port: 22 }], isolation: "tenant" }, "hostServices", /the host is not on that/],
    [{ allowForeignMacs: true }, "allowForeignMacs", /mode "transparent" only/],
    [{ dhcpServer: { poolSize: 5 } }, "dhcpServer", /mode "nat" only/],
  ])("refuses %j", (changes, path, message) => {
    const problems = problemsOf(parseBridge(bridgeArgs({ mode: "isolated", ...changes })));
    expect(problems).toEqual([{ path, message: expect.stringMatching(message) as string }]);
  });

  it.each<[string, Partial<MachineNetworkArgs>, RegExp]>([
    ["10.9.1.7", {}, /10\.9\.1\.7 is not in the bridge's network 10\.9\.0\.0\/24/],
    ["10.9.0.255", {}, /the first or the last address/],
    ["10.9.0.7", { lan4: undefined }, /needs the bridge's ipv4: \{ network \}/],
    ["fd12:3456:789a:2::7", {}, /not in the bridge's network fd12:3456:789a:1::\/64/],
    ["fd12:3456:789a:1::", {}, /the network's own address/],
  ])("refuses a machine at %s", (address, changes, message) => {
    const networks = [{ ...network, ...changes, addresses: [{ address, proxied: true }] }];
    const problems = problemsOf(parseMachine(machineArgs({ networks })));
    expect(problems).toEqual([
      { path: "networks[0].addresses[0].address", message: expect.stringMatching(message) as string },
    ]);
  });

  it("refuses a floating address, and takes those of its networks", () => {
    const at = (address: string, proxied: boolean) => ({ ...network, addresses: [{ address, proxied }] });
    const of = (one: MachineNetworkArgs) => problemsOf(parseMachine(machineArgs({ networks: [one] })));
    expect(of(at("10.9.0.7", false))).toEqual([
      { path: "networks[0].addresses[0].address", message: expect.stringMatching(/routes nothing/) as string },
    ]);
    expect(parseMachine(machineArgs({ networks: [at("10.9.0.7", true)] })).ok).toBe(true);
    expect(parseMachine(machineArgs({ networks: [at("fd12:3456:789a:1::7", true)] })).ok).toBe(true);
  });

  it("has a network of its own, the same for ever", () => {
    expect([uniqueLocal("shop/lab/host/one", "back"), uniqueLocal("shop/lab/host/two", "back")]).toEqual([
      "fdd2:9d6b:d43b:8d0e::/64",
      "fd84:40ce:d77b:6593::/64",
    ]);
  });
});
