import type { MachineArgs, MachineNetworkArgs } from "../../provider/model/args";
import { planMachine } from "../../provider/plan/plan-machine";
import type { Step } from "../../provider/plan/step";
import { desiredMachine } from "../../provider/render/desired-machine";
import { machineArgs } from "../support/sample";

const stepsOf = (args: MachineArgs): Step[] => planMachine(args, desiredMachine(args), {}).steps;
const ways = (network: Partial<MachineNetworkArgs>, changes: Partial<MachineArgs> = {}): string[] => {
  const networks = machineArgs().networks.map((given) => ({ ...given, ...network }));
  return stepsOf(machineArgs({ ...changes, networks })).flatMap((step) =>
    step.verb === "probe" ? [[step.entry, step.peer, step.way, step.address, step.kinds, step.out].join(" | ")] : [],
  );
};
const at = (...addresses: string[]) => ({ addresses: addresses.map((address) => ({ address, proxied: true })) });
const demands = (args: MachineArgs) => stepsOf(args).flatMap((step) => (step.verb === "reached" ? [step.need] : []));

describe("the ways to a machine that are tried", () => {
  test.each<[string, Partial<MachineNetworkArgs>, string[]]>([
    [
      "on a bridge",
      {},
      [
        "uplink | - | br0 vb-web host0 | 198.51.100.7 | icmp tcp:22 | udp",
        "uplink | - | br0 vb-web host0 | 2001:db8:1::7 | icmp tcp:22 | udp",
      ],
    ],
    [
      "by its own cable",
      { attach: "veth", isolation: "tenant", ...at("198.51.100.7") },
      ["uplink | - | ve-web host0 | 198.51.100.7 | icmp tcp:22 | udp"],
    ],
    [
      "on a macvlan",
      { attach: "macvlan", macvlan: "mv-br0", ...at("198.51.100.7") },
      ["uplink | - | br0 mv-br0-v1 mv-br0-v2 mv-mv-br0 | 198.51.100.7 | icmp tcp:22 | udp"],
    ],
    [
      "on a LAN, which may give addresses",
      { mode: "transparent", ...at("192.0.2.20") },
      [
        "lan | - | br0 vb-web host0 | 192.0.2.20 | icmp tcp:22 | udp",
        "lan | - | br0 vb-web host0 | 6 | icmp tcp:22 | udp",
      ],
    ],
    [
      "where the host translates",
      {
        mode: "nat",
        isolation: "tenant",
        lan4: { network: "10.128.0.0/16", gateway: "10.128.0.1" },
        ...at("10.128.0.7"),
      },
      ["uplink | - | br0 vb-web host0 | 10.128.0.7 | - | udp"],
    ],
    [
      "where the host translates, by its ports",
      {
        ...{ mode: "nat", isolation: "tenant", lan4: { network: "10.128.0.0/16", gateway: "10.128.0.1" } },
        ...{ ...at("10.128.0.7"), ports: [{ protocol: "tcp", host: 2222, machine: 22 }] },
      },
      ["uplink | - | br0 vb-web host0 | 10.128.0.7 | tcp:2222=22 | udp"],
    ],
    [
      "on an isolated network",
      { mode: "isolated", lan4: { network: "10.99.0.0/24" }, ...at("10.99.0.5") },
      ["nobody | - | br0 vb-web host0 | 10.99.0.5 | - | udp"],
    ],
    [
      "on an isolated network of several hosts",
      { mode: "isolated", isolation: "tenant", vxlan: 5001, lan4: { network: "10.99.0.0/24" }, ...at("10.99.0.5") },
      ["vx-5001 | 10.99.0.254 | br0 vb-web host0 | 10.99.0.5 | icmp tcp:22 | udp"],
    ],
  ])("%s", (_, network, expected) => {
    expect(ways(network)).toEqual(expected);
  });

  test("are those that its firewall leaves open, both ways", () => {
    const everywhere = ["0.0.0.0/0"];
    const firewall: MachineArgs["firewall"] = [
      { direction: "in", protocol: "tcp", port: "443", sources: everywhere },
      { direction: "out", protocol: "udp", port: "53", destinations: everywhere },
      { direction: "out", protocol: "tcp", port: "80-85", destinations: everywhere },
    ];
    expect(ways({ isolation: "tenant" }, { firewall })).toEqual([
      "uplink | - | br0 vb-web host0 | 198.51.100.7 | tcp:443 | tcp:80",
      "uplink | - | br0 vb-web host0 | 2001:db8:1::7 | - | -",
    ]);
  });

  test("are demanded where the program says so, after the last of them, and tried of no machine that nobody waits for", () => {
    expect(demands(machineArgs())).toEqual(["no"]);
    const demanding = machineArgs({ readyWhen: { reachable: true } });
    expect(demands(demanding)).toEqual(["yes"]);
    const verbs = stepsOf(demanding).map(({ verb }) => verb);
    expect(verbs.indexOf("reached")).toBeGreaterThan(verbs.lastIndexOf("probe"));
    expect(demands(machineArgs({ readyWhen: { reachable: true }, running: false }))).toEqual([]);
    expect(demands(machineArgs({ readyWhen: "started" }))).toEqual([]);
  });
});
