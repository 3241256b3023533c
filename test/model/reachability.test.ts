import { parseMachine } from "../../provider/model/parse-machine";
import { parseReachability } from "../../provider/model/reachability";
import { strangerIn } from "../../provider/model/stranger";
import { UNKNOWN } from "../../provider/model/unknown";
import type { MachineNetworkArgs } from "../../provider/model/args";
import { machineArgs } from "../support/sample";

describe("a way to a machine", () => {
  it("is read from the host's line", () => {
    expect(
      parseReachability("host0 198.51.100.7 reached 192.0.2.9 192.0.2.9 198.51.100.7 eth0 br0 vb-web host0"),
    ).toEqual({
      ...{ interface: "host0", family: "ipv4", address: "198.51.100.7", outcome: "reached", peer: "192.0.2.9" },
      ...{ sourceSeenByMachine: "192.0.2.9", sourceSeenByPeer: "198.51.100.7", natted: false },
      hops: ["eth0", "br0", "vb-web", "host0"],
    });
  });

  it.each([
    ["host0 10.128.0.7 reached 192.0.2.9 - 203.0.113.5 eth0 nat0 vb-web host0", true],
    ["host0 198.51.100.7 reached 192.0.2.9 203.0.113.5 198.51.100.7 eth0 br0 vb-web host0", true],
    ["host0 2001:db8::7 reached 2620:4f:8000::1 2620:4f:8000::1 2001:db8:0::7 eth0 br0 vb-web host0", false],
    ["host0 198.51.100.7 unreachable 192.0.2.9 - - eth0 br0 vb-web host0", false],
    ["back 10.99.0.5 isolated - - - back vb-web_1 back", false],
  ])("says whether anything translated: %s", (line, natted) => {
    expect(parseReachability(line).natted).toBe(natted);
  });

  it.each([
    "",
    "host0 198.51.100.7 fine 192.0.2.9 - - eth0",
    "host0 - reached 192.0.2.9 - - eth0",
    "host0 web reached 192.0.2.9 - - eth0",
    `host0 198.51.100.7 reached - - - ${"eth0 ".repeat(17)}`,
  ])("is refused where our program would not write it: %j", (line) => {
    expect(() => parseReachability(line)).toThrow(/says of no way to a machine .*\[NSPAWN_REPORT\]/);
  });
});

describe("readyWhen: { reachable: true }", () => {
  const problems = (networks: unknown[], readyWhen: unknown = { reachable: true }): string[] => {
    const parsed = parseMachine({ ...machineArgs(), networks, readyWhen });
    return parsed.ok ? [] : parsed.problems.map(({ path, message }) => `${path}: ${message}`);
  };
  const back: MachineNetworkArgs = { bridge: "back", mode: "isolated", lan6: "fd12::/64", addresses: [] };
  const refusal = /^readyWhen: reachable needs a network from which somebody outside of the host can reach the machine/;

  it("needs somebody who could reach the machine", () => {
    expect(problems([back])).toEqual([expect.stringMatching(refusal)]);
    expect(problems([{ bridge: "br0", addresses: [] }])).toEqual([expect.stringMatching(refusal)]);
    expect(problems([])).toEqual([expect.stringMatching(refusal)]);
    expect(problems([back], "running")).toEqual([]);
  });

  it("takes a LAN, a tunnel, an address, and what is not known yet", () => {
    expect(problems(machineArgs().networks)).toEqual([]);
    expect(problems([back, ...machineArgs().networks])).toEqual([]);
    expect(problems([{ bridge: "lan0", mode: "transparent", addresses: [] }])).toEqual([]);
    expect(problems([{ ...back, vxlan: 5001, isolation: "tenant" }])).toEqual([]);
    expect(problems([{ bridge: "br0", addresses: UNKNOWN }])).toEqual([]);
    expect(problems([UNKNOWN])).toEqual([]);
  });
});

describe("a stranger in a network", () => {
  it.each([
    ["10.99.0.0/24", [], "10.99.0.254"],
    ["10.99.0.0/30", ["10.99.0.2"], "10.99.0.1"],
    ["fd12:3456:789a:1::/64", [], "fd12:3456:789a:1:ffff:ffff:ffff:fffe"],
  ])("of %s, where %j is taken, is %s", (network, taken, expected) => {
    expect(strangerIn(network, taken)).toBe(expected);
  });
});
