import type { BridgeArgs, FloatingIpArgs, HostArgs, MachineArgs } from "../../provider/model/args";
import type { Desired } from "../../provider/model/desired";
import type { Facts, FoundLink, FoundSetting } from "../../provider/observe/facts/facts";
import { found } from "../../provider/observe/found";
import { desiredBridge } from "../../provider/render/desired-bridge";
import { desiredFloatingIp } from "../../provider/render/desired-floating-ip";
import { desiredHost } from "../../provider/render/desired-host";
import { desiredMachine } from "../../provider/render/desired-machine";
import { bridgeArguments, common, machineArguments } from "../support/arguments";
import { machineArgs as sample } from "../support/sample";
import { factsOf } from "./facts-of";

const machine = desiredMachine(machineArguments() as unknown as MachineArgs);
const routing = desiredMachine(
  sample({
    networks: sample().networks.map((network) => ({ ...network, subnets: [{ subnet: "2001:db8:1:0:5::/80" }] })),
  }),
);
const leasing = desiredMachine(
  sample({
    networks: [
      {
        ...{ bridge: "nat0", host: "shop/lab/host/host-1", mode: "nat", isolation: "tenant" },
        ...{
          lan4: { network: "10.3.0.0/16", gateway: "10.3.0.1" },
          addresses: [{ address: "10.3.0.7", proxied: true }],
        },
      },
    ],
  }),
);
const limited = desiredMachine(machineArguments({ limits: { tasksMax: 300 } }) as unknown as MachineArgs);
const lasting = desiredMachine(machineArguments({ restart: "always" }) as unknown as MachineArgs);
const watched = desiredMachine(machineArguments({ health: { manager: true } }) as unknown as MachineArgs);
const bridge = desiredBridge(bridgeArguments() as unknown as BridgeArgs);
const host = desiredHost({
  ...common("host", "one"),
  packages: [],
  sysctls: {},
  resolved: true,
} as unknown as HostArgs);
const floating = desiredFloatingIp({
  ...common("floating-ip", "web"),
  ...{ type: "ipv4", address: "198.51.100.7", name: "web" },
} as unknown as FloatingIpArgs);

function changed(desired: Desired, change: (facts: Facts) => void): Desired {
  const facts = factsOf(desired, "k");
  change(facts);
  return found({ desired, key: "k", machine: "web", bridge: "br0" }, facts);
}

const link = (change: Partial<FoundLink>): FoundLink => ({
  ...{ ifname: "x0", kind: "", up: true, mtu: 1500, master: undefined, guarded: false, isolated: false, addresses: [] },
  ...change,
});

describe("strays among what the kernel has", () => {
  it.each<[string, Desired, (facts: Facts) => void, string[]]>([
    [
      "an uplink that answers for everything",
      host,
      (facts) =>
        (facts.answeringAll = [
          { link: "all", setting: "proxy_arp" },
          { link: "eth0", setting: "proxy_arp_pvlan" },
        ]),
      ["net.ipv4.conf.all.proxy_arp = 1", "net.ipv4.conf.eth0.proxy_arp_pvlan = 1"],
    ],
    [
      "routes of a machine's subnet by hand, elsewhere",
      routing,
      (facts) =>
        (facts.handRoutes = [
          { destination: "2001:db8:1:0:5::/80", dev: "docker0", type: "unicast" },
          { destination: "2001:db8:1:0:5::/80", dev: "", type: "blackhole" },
          { destination: "2001:db8:1:0:6::/80", dev: "docker0", type: "unicast" },
          { destination: "2001:db8:1:0:5::/80", dev: "br0", type: "unicast" },
        ]),
      ["blackhole 2001:db8:1:0:5::/80", "route 2001:db8:1:0:5::/80 dev docker0"],
    ],
    [
      "an address of a machine to which the host leases it, on the host, and elsewhere",
      leasing,
      (facts) => {
        facts.links.set("eth0", link({ ifname: "eth0", addresses: ["10.3.0.7/32", "10.3.0.8/32"] }));
        facts.handRoutes = [
          { destination: "10.3.0.7", dev: "docker0", type: "unicast" },
          { destination: "10.3.0.7", dev: "nat0", type: "unicast" },
        ];
      },
      ["10.3.0.7 on eth0", "route 10.3.0.7 dev docker0"],
    ],
    [
      "a bridge that does",
      bridge,
      (facts) => (facts.answeringAll = [{ link: "br0", setting: "proxy_arp" }]),
      ["net.ipv4.conf.br0.proxy_arp = 1"],
    ],
    [
      "a port that is no machine's",
      bridge,
      (facts) => facts.links.set("eth1", link({ ifname: "eth1", master: "br0" })),
      ["port eth1"],
    ],
    [
      "an answer on the bridge",
      bridge,
      (facts) => facts.proxies.push({ address: "203.0.113.9", link: "br0" }),
      ["answer for 203.0.113.9 dev br0"],
    ],
    [
      "a route by hand to nobody",
      bridge,
      (facts) => facts.handRoutes.push({ destination: "203.0.113.9", dev: "br0", type: "unicast" }),
      ["route 203.0.113.9 dev br0"],
    ],
    [
      "a floating address on the uplink",
      floating,
      (facts) => facts.links.set("eth0", link({ ifname: "eth0", addresses: ["203.0.113.2/32", "198.51.100.7/24"] })),
      ["198.51.100.7 on eth0"],
    ],
    [
      "a route elsewhere, and packets that are dropped",
      machine,
      (facts) => {
        facts.handRoutes.push({ destination: "198.51.100.7", dev: "eth0", type: "unicast" });
        facts.handRoutes.push({ destination: "2001:db8:1::7", dev: "lo", type: "blackhole" });
        facts.deadRules.push({ address: "198.51.100.7", text: "rule from 198.51.100.7 blackhole" });
      },
      ["blackhole 2001:db8:1::7", "route 198.51.100.7 dev eth0", "rule from 198.51.100.7 blackhole"],
    ],
  ])("%s", (_name, desired, change, expected) => {
    expect(changed(desired, change).live.strays).toEqual(expected);
  });

  it.each<[string, Desired, (facts: Facts) => void]>([
    [
      "another link that answers for everything",
      host,
      (facts) => (facts.answeringAll = [{ link: "eth5", setting: "proxy_arp" }]),
    ],
    [
      "a machine's port, whoever made the machine",
      bridge,
      (facts) => facts.links.set("vb-other", link({ ifname: "vb-other", kind: "veth", master: "br0" })),
    ],
    [
      "a route by hand to a machine that a drop-in names",
      bridge,
      (facts) => {
        facts.handRoutes.push({ destination: "198.51.100.9", dev: "br0", type: "unicast" });
        facts.destinations.add("198.51.100.9");
      },
    ],
    [
      "the right route, set by hand",
      machine,
      (facts) => facts.handRoutes.push({ destination: "198.51.100.7", dev: "br0", type: "unicast" }),
    ],
    [
      "addresses, routes and rules of others",
      machine,
      (facts) => {
        facts.links.set("eth0", link({ ifname: "eth0", addresses: ["10.0.0.7/8", "198.51.100.70/32"] }));
        facts.handRoutes.push({ destination: "10.0.0.0/8", dev: "eth1", type: "unicast" });
        facts.deadRules.push({ address: "10.0.0.9", text: "rule from 10.0.0.9 blackhole" });
      },
    ],
  ])("are not: %s", (_name, desired, change) => {
    expect(changed(desired, change)).toEqual(desired);
  });

  it.each([
    ["unmanaged", "", "br0 bridge up unmanaged"],
    ["configured", "/etc/systemd/network/05-x.network", "br0 bridge up by /etc/systemd/network/05-x.network"],
    ["configuring", "/etc/systemd/network/10-br0.network", "br0 bridge up"],
  ])("shows what networkd makes of the bridge: %s by %s", (state, file, expected) => {
    expect(changed(bridge, (facts) => facts.managed.set("br0", { state, file })).live.link).toBe(expected);
  });
});

const lines = (path: string, ...entries: [string, string, string][]): FoundSetting[] =>
  entries.map(([section, key, value]) => ({ path, section, key, value }));

describe("files of others that win over ours", () => {
  it.each<[string, Desired, FoundSetting[], string[]]>([
    [
      "a later file of kernel settings",
      host,
      lines("/etc/sysctl.d/99-x.conf", ["", "net/ipv4/ip_forward", "0"], ["", "kernel.sysrq", "1"]),
      ["/etc/sysctl.d/99-x.conf sets net.ipv4.ip_forward = 0"],
    ],
    [
      "one that would answer for everything, by a pattern",
      host,
      lines("/usr/lib/sysctl.d/70-x.conf", ["", "-net.ipv4.conf.d*.proxy_arp", "1"]),
      ["/usr/lib/sysctl.d/70-x.conf sets net.ipv4.conf.default.proxy_arp = 1"],
    ],
    [
      "networkd's own settings",
      host,
      lines("/etc/systemd/networkd.conf.d/90-x.conf", ["Network", "ManageForeignRoutes", "yes"]),
      ["/etc/systemd/networkd.conf.d/90-x.conf sets ManageForeignRoutes = yes"],
    ],
    [
      "a limit that was declared, by a drop-in after ours",
      limited,
      lines("/etc/systemd/system/systemd-nspawn@.service.d/90-x.conf", ["Service", "TasksMax", ""]),
      ["/etc/systemd/system/systemd-nspawn@.service.d/90-x.conf sets TasksMax"],
    ],
    [
      "when a machine is looked after, and by what",
      watched,
      [
        ...lines("/etc/systemd/system/pulumi-nspawn-health-web.timer.d/x.conf", ["Timer", "OnUnitInactiveSec", ""]),
        ...lines("/etc/systemd/system/pulumi-nspawn-health-web.service.d/x.conf", ["Service", "ExecStart", ""]),
        ...lines("/etc/systemd/system/pulumi-nspawn-health-db.timer.d/x.conf", ["Timer", "OnUnitInactiveSec", ""]),
      ],
      [
        "/etc/systemd/system/pulumi-nspawn-health-web.service.d/x.conf sets ExecStart",
        "/etc/systemd/system/pulumi-nspawn-health-web.timer.d/x.conf sets OnUnitInactiveSec",
      ],
    ],
    [
      "that a machine does not come back, although it is declared, by a drop-in after ours",
      lasting,
      [
        ...lines("/etc/systemd/system/systemd-nspawn@.service.d/90-x.conf", ["Service", "Restart", ""]),
        ...lines("/etc/systemd/system/systemd-nspawn@web.service.d/50-x.conf", ["Service", "RestartSec", ""]),
      ],
      ["/etc/systemd/system/systemd-nspawn@.service.d/90-x.conf sets Restart"],
    ],
    [
      "the environment of systemd-nspawn, which can switch its filters off",
      machine,
      lines("/etc/systemd/system/systemd-nspawn@web.service.d/10-x.conf", ["Service", "Environment", ""]),
      ["/etc/systemd/system/systemd-nspawn@web.service.d/10-x.conf sets Environment"],
    ],
    [
      "a drop-in of our unit, and of its template",
      machine,
      [
        ...lines("/etc/systemd/system/systemd-nspawn@web.service.d/90-x.conf", ["Service", "ExecStartPre", ""]),
        ...lines("/etc/systemd/system/systemd-nspawn@.service.d/x.conf", ["Unit", "ConditionPathExists", ""]),
      ],
      [
        "/etc/systemd/system/systemd-nspawn@.service.d/x.conf sets ConditionPathExists",
        "/etc/systemd/system/systemd-nspawn@web.service.d/90-x.conf sets ExecStartPre",
      ],
    ],
    [
      "a unit in the place of ours",
      machine,
      lines("/etc/systemd/system/systemd-nspawn@web.service", ["Service", "ExecStart", ""]),
      ["/etc/systemd/system/systemd-nspawn@web.service is in the place of systemd-nspawn@web.service"],
    ],
    [
      "a drop-in that changes the bridge",
      bridge,
      lines("/etc/systemd/network/10-br0.network.d/x.conf", ["Network", "", ""], ["Network", "Address", "10.0.0.1/8"]),
      ["/etc/systemd/network/10-br0.network.d/x.conf sets Network Address"],
    ],
    [
      "a file that is read for the bridge before ours",
      bridge,
      lines("/usr/lib/systemd/network/05-x.network", ["Match", "Name", "!eth* en*"], ["Link", "Unmanaged", "yes"]),
      ["/usr/lib/systemd/network/05-x.network is read for br0 instead of ours"],
    ],
    [
      "a file of networkd that gives our address to the host",
      floating,
      lines("/etc/systemd/network/30-eth0.network", ["Network", "Address", "198.51.100.7/32"]),
      ["/etc/systemd/network/30-eth0.network gives 198.51.100.7 to the host"],
    ],
  ])("%s", (_name, desired, settings, expected) => {
    expect(changed(desired, (facts) => (facts.settings = settings)).boot.overrides).toEqual(expected);
  });

  it("in /run live until the next boot", () => {
    const settings = lines("/run/systemd/system/systemd-nspawn@web.service.d/x.conf", ["Service", "ExecCondition", ""]);
    const state = changed(machine, (facts) => (facts.settings = settings));
    expect(state.boot).toEqual(machine.boot);
    expect(state.live.overrides).toEqual([
      "/run/systemd/system/systemd-nspawn@web.service.d/x.conf sets ExecCondition",
    ]);
  });

  it("of ifupdown that give our address to the host", () => {
    const path = "/etc/network/interfaces.d/60-floating";
    const state = changed(floating, (facts) => facts.bootAddresses.push({ path, address: "198.51.100.7" }));
    expect(state.boot.overrides).toEqual([`${path} gives 198.51.100.7 to the host`]);
  });

  it.each<[string, Desired, FoundSetting[]]>([
    ["an earlier file of kernel settings", host, lines("/etc/sysctl.d/10-x.conf", ["", "net.ipv4.ip_forward", "0"])],
    ["the same value", host, lines("/etc/sysctl.d/99-x.conf", ["", "net.ipv4.ip_forward", " 1"])],
    [
      "a pattern that a whole key takes back",
      host,
      [
        ...lines("/etc/sysctl.d/98-x.conf", ["", "net.ipv4.conf.all.proxy_arp", "0"]),
        ...lines("/etc/sysctl.d/99-x.conf", ["", "net.ipv4.conf.al*.proxy_arp", "1"]),
      ],
    ],
    [
      "one that a file of the same name hides",
      host,
      [
        ...lines("/usr/lib/sysctl.d/99-x.conf", ["", "net.ipv4.ip_forward", "0"]),
        ...lines("/etc/sysctl.d/99-x.conf", ["", "vm.swappiness", "1"]),
      ],
    ],
    [
      "limits of a unit",
      machine,
      lines("/etc/systemd/system/systemd-nspawn@web.service.d/90-x.conf", ["Service", "MemoryMax", ""]),
    ],
    [
      "what a machine's end leads to, which nobody declared",
      machine,
      lines("/etc/systemd/system/systemd-nspawn@web.service.d/90-x.conf", ["Service", "Restart", ""]),
    ],
    [
      "limits that ours win over, or that nobody declared",
      limited,
      [
        ...lines("/run/systemd/system.control/systemd-nspawn@web.service.d/50-TasksMax.conf", [
          "Service",
          "TasksMax",
          "",
        ]),
        ...lines("/etc/systemd/system/systemd-nspawn@web.service.d/90-x.conf", ["Service", "CPUWeight", ""]),
      ],
    ],
    [
      "a machine of somebody else",
      machine,
      lines("/etc/systemd/system/systemd-nspawn@db.service.d/x.conf", ["Service", "ExecStartPre", ""]),
    ],
    ["its route", bridge, lines("/etc/systemd/network/10-br0.network.d/db.conf", ["Route", "Destination", ""])],
    ["a later file for all links", bridge, lines("/etc/systemd/network/80-x.network", ["Match", "Name", "*"])],
    [
      "a file for some links that are not named",
      bridge,
      lines("/etc/systemd/network/05-x.network", ["Match", "MACAddress", "00:00:5e:00:53:01"]),
    ],
  ])("are not: %s", (_name, desired, settings) => {
    expect(changed(desired, (facts) => (facts.settings = settings))).toEqual(desired);
  });
});
