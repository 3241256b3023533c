import type { BridgeArgs, MachineNetworkArgs } from "../../provider/model/args";
import { parseBridge } from "../../provider/model/parse-bridge";
import { parseMachine } from "../../provider/model/parse-machine";
import { firstOf, ipv4For, privateNetwork } from "../../provider/model/private-network";
import { problemsOf } from "../support/refusal";
import { bridgeArgs, machineArgs } from "../support/sample";

const lan4 = { network: "10.0.3.0/24", gateway: "10.0.3.1" };
const bridge = { mode: "nat", isolation: "tenant", lan4 } as const;
const network: MachineNetworkArgs = { bridge: "nat0", mode: "nat", isolation: "tenant", lan4, addresses: [] };
const at = (...addresses: string[]) => addresses.map((address) => ({ address, proxied: true }));

describe("a bridge whose machines have leases", () => {
  it.each<[Partial<BridgeArgs>, string, RegExp]>([
    [{ isolation: "none" }, "isolation", /must be "tenant" with mode "nat"/],
    [{ lan4: undefined }, "lan4", /is required/],
    [{ attach: "veth" }, "attach", /needs mode: "routed"/],
    [{ allowForeignMacs: true }, "allowForeignMacs", /mode "transparent" only/],
    [
      { lan4: { ...lan4, network: "10.0.3.7/24" } },
      "lan4.network",
      /host bits are set, the network is 10\.0\.3\.0\/24/,
    ],
    [
      { lan4: { network: "8.8.8.0/24", gateway: "8.8.8.1" } },
      "lan4.network",
      /must be of private addresses, 10\.0\.0\.0\/8/,
    ],
    [{ lan4: { ...lan4, gateway: "10.0.4.1" } }, "lan4.gateway", /not in the bridge's network/],
    [{ lan4: { ...lan4, gateway: "10.0.3.255" } }, "lan4.gateway", /the first or the last address/],
    [
      { dhcpServer: { poolOffset: 200, poolSize: 56 } },
      "dhcpServer",
      /pool of 56 from number 200 on ends behind .* 254/,
    ],
    [{ dhcpServer: { poolSize: 0 } }, "dhcpServer.poolSize", /got 0/],
    [{ dhcpServer: { defaultLeaseTimeSec: 1 } }, "dhcpServer.defaultLeaseTimeSec", /got 1/],
  ])("refuses %j", (changes, path, message) => {
    const problems = problemsOf(parseBridge(bridgeArgs({ ...bridge, ...changes })));
    expect(problems).toEqual([{ path, message: expect.stringMatching(message) as string }]);
  });

  it("takes a pool to its last address", () => {
    expect(parseBridge(bridgeArgs({ ...bridge, dhcpServer: { poolOffset: 200, poolSize: 55 } })).ok).toBe(true);
  });

  it.each<[Partial<MachineNetworkArgs>, string, RegExp]>([
    [{ addresses: at("2001:db8::9") }, "addresses", /must have an IPv4 address/],
    [{ addresses: [] }, "addresses", /must have an IPv4 address/],
    [{ addresses: at("10.0.4.9") }, "addresses[0].address", /not in the bridge's network/],
    [{ addresses: at("10.0.3.1") }, "addresses[0].address", /the host's own address on the bridge/],
    [{ addresses: [{ address: "10.0.3.9", proxied: false }] }, "addresses[0].address", /translates IPv4/],
    [{ addresses: at("10.0.3.9"), ports: [port(22)] }, "ports[0].host", /you would be locked out/],
    [{ addresses: at("10.0.3.9"), ports: [port(0)] }, "ports[0].host", /got 0/],
    [
      { mode: "routed", addresses: at("198.51.100.9"), gateway4: "203.0.113.2", ports: [port(80)] },
      "ports",
      /mode "nat"/,
    ],
  ])("refuses a machine with %j", (changes, path, message) => {
    const problems = problemsOf(parseMachine(machineArgs({ networks: [{ ...network, ...changes }] })));
    expect(problems).toEqual([{ path: `networks[0].${path}`, message: expect.stringMatching(message) as string }]);
  });
});

function port(host: number) {
  return { protocol: "tcp" as const, host, machine: 22 };
}

describe("a private network", () => {
  it("is the same for ever, and so are its addresses", () => {
    expect(privateNetwork("shop/lab/host/one", "nat0")).toBe("10.182.0.0/16");
    expect(["10.0.3.0/24", "10.213.0.0/16", "10.0.0.0/30"].map((lan) => ipv4For(lan, "web"))).toEqual([
      "10.0.3.58",
      "10.213.118.58",
      "10.0.0.2",
    ]);
    expect(firstOf("10.0.3.0/24")).toBe("10.0.3.1");
  });

  it("gives neither the lowest nor the last", () => {
    const all = Array.from({ length: 2000 }, (_, index) => Number(ipv4For("10.0.3.0/24", `m${index}`).split(".")[3]));
    expect([Math.min(...all), Math.max(...all)]).toEqual([16, 254]);
  });
});
