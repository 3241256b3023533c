import type { BridgeArgs, MachineNetworkArgs } from "../../provider/model/args";
import { parseBridge } from "../../provider/model/parse-bridge";
import { parseMachine } from "../../provider/model/parse-machine";
import { UNKNOWN } from "../../provider/model/unknown";
import { problemsOf } from "../support/refusal";
import { bridgeArgs, machineArgs } from "../support/sample";

const privateNetwork = { macAddress: "86:00:00:2a:3b:4c", address: "10.0.1.11", network: "10.0.11.0/24" };
const place = { ipv4: "10.0.1.11", ipv6: undefined, subnets: undefined };
const on = (changes: Partial<BridgeArgs> = {}): BridgeArgs =>
  bridgeArgs({ bridge: "back", mode: "routed", isolation: "tenant", mtu: 1450, privateNetwork, ...place, ...changes });

describe("a bridge on a private network", () => {
  it("is one of mode routed, without IPv6", () => {
    expect(parseBridge(on()).ok).toBe(true);
    expect(parseBridge(on({ privateNetwork: { ...privateNetwork, network: undefined, only: true } })).ok).toBe(true);
  });

  it("passes what a preview does not know", () => {
    expect(parseBridge(on({ privateNetwork: UNKNOWN as never, ipv4: UNKNOWN, mtu: UNKNOWN as never })).ok).toBe(true);
    const unknown = { macAddress: UNKNOWN, address: UNKNOWN, network: UNKNOWN };
    expect(parseBridge(on({ privateNetwork: unknown, ipv4: UNKNOWN })).ok).toBe(true);
  });

  it.each<[Partial<BridgeArgs>, string, RegExp]>([
    [{ mode: "transparent", uplink: "eth0" }, "privateNetwork", /needs mode: "routed" \(got "transparent"\): .*layer 3/],
    [{ mode: "isolated" }, "privateNetwork", /needs mode: "routed" \(got "isolated"\)/],
    [{ mode: "nat", lan4: { network: "10.9.0.0/24", gateway: "10.9.0.1" } }, "privateNetwork", /needs mode: "routed" \(got "nat"\)/],
    [{ isolation: "none" }, "isolation", /must be "tenant" with privateNetwork/],
    [{ attach: "veth" }, "attach", /must be "bridge" with privateNetwork/],
    [{ ipv6: "2001:db8:1::/64" }, "ipv6", /have no IPv6/],
    [{ mtu: 1500 }, "mtu", /1450 at most with privateNetwork \(got 1500\)/],
    [{ mtu: undefined }, "mtu", /1450 at most/],
    [{ privateNetwork: { ...privateNetwork, macAddress: "86:00:00:2A:3B:4C" } }, "privateNetwork.macAddress", /MAC address/],
    [{ privateNetwork: { ...privateNetwork, macAddress: "87:00:00:2a:3b:4c" } }, "privateNetwork.macAddress", /MAC address/],
    [{ privateNetwork: { ...privateNetwork, address: "203.0.113.7" } }, "privateNetwork.address", /private address/],
    [{ privateNetwork: { ...privateNetwork, network: "10.0.1.0/24" } }, "privateNetwork.network", /own address 10\.0\.1\.11 in it/],
    [{ privateNetwork: { ...privateNetwork, network: "198.51.100.0/24" } }, "privateNetwork.network", /of private addresses/],
    [{ privateNetwork: { ...privateNetwork, network: "10.0.11.1/24" } }, "privateNetwork.network", /host bits are set/],
  ])("refuses %j at %s", (changes, path, message) => {
    const problems = problemsOf(parseBridge(on(changes)));
    expect(problems.find((problem) => problem.path === path)?.message).toMatch(message);
  }); // prettier-ignore
});

describe("a machine on a private network", () => {
  const network = (address: string, changes: Partial<MachineNetworkArgs> = {}): MachineNetworkArgs => ({
    ...{ bridge: "back", isolation: "tenant", gateway4: "10.0.1.11", mtu: 1450, isPrivate: true },
    ...{ lan4: { network: "10.0.11.0/24" }, addresses: [{ address, proxied: false }], ...changes },
  });
  const parsed = (one: MachineNetworkArgs) => parseMachine(machineArgs({ networks: [one] }));

  it("has private IPv4 addresses of the bridge's network, or aliases of the server", () => {
    expect(parsed(network("10.0.11.5")).ok).toBe(true);
    expect(parsed(network("10.0.1.40", { lan4: undefined })).ok).toBe(true);
  });

  it.each<[MachineNetworkArgs, string, RegExp]>([
    [network("2001:db8:1::5"), "networks[0].addresses[0].address", /is IPv6, which Hetzner's private networks do not have/],
    [network("198.51.100.7"), "networks[0].addresses[0].address", /is not a private address/],
    [network("10.0.12.5"), "networks[0].addresses[0].address", /is not in the bridge's network 10\.0\.11\.0\/24/],
    [network("10.0.11.0"), "networks[0].addresses[0].address", /first or the last address/],
    [network("10.0.1.11", { lan4: undefined }), "networks[0].addresses[0].address", /the host's own address/],
  ])("refuses %j", (one, path, message) => {
    expect(problemsOf(parsed(one)).find((problem) => problem.path === path)?.message).toMatch(message);
  }); // prettier-ignore

  it("has no subnet there", () => {
    const subnets = [{ subnet: "2001:db8:1:0:5::/80" }];
    const problems = problemsOf(parsed(network("10.0.11.5", { subnets })));
    expect(problems.map(({ message }) => message).join()).toMatch(/subnets? .*|are IPv6/);
    expect(problems.some(({ path }) => path === "networks[0].subnets")).toBe(true);
  });
});
