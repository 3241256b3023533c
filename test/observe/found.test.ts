import type { BridgeArgs, FloatingIpArgs, HostArgs, MachineArgs } from "../../provider/model/args";
import type { Desired } from "../../provider/model/desired";
import type { Facts } from "../../provider/observe/facts/facts";
import { parseReachability } from "../../provider/model/reachability";
import { found, isGone } from "../../provider/observe/found";
import { parseIptables } from "../../provider/observe/netfilter/parse-iptables";
import { noNetfilter } from "../../provider/observe/netfilter/ruleset";
import type { Subject } from "../../provider/observe/subject";
import { desiredBridge } from "../../provider/render/desired-bridge";
import { desiredFloatingIp } from "../../provider/render/desired-floating-ip";
import { desiredHost } from "../../provider/render/desired-host";
import { desiredMachine } from "../../provider/render/desired-machine";
import { bridgeArguments, common, machineArguments } from "../support/arguments";
import { machineArgs } from "../support/sample";
import { factsOf } from "./facts-of";

const machine = desiredMachine(machineArguments({ rootPassword: "$6$salt$hash" }) as unknown as MachineArgs);
const subnets = [{ subnet: "2001:db8:1:0:5::/80" }];
const routing = (isolation?: "tenant") => {
  const networks = machineArgs().networks.map((network) => ({ ...network, subnets, isolation }));
  return desiredMachine(machineArgs({ networks }));
};
const limits = { tasksMax: 300, memoryMax: 536870912 };
const limited = desiredMachine(machineArguments({ limits }) as unknown as MachineArgs);
const bridge = desiredBridge(bridgeArguments() as unknown as BridgeArgs);
const host = desiredHost({
  ...common("host", "host-1"),
  packages: ["vim"],
  sysctls: { "net.core.somaxconn": "1" },
  resolved: true,
} as unknown as HostArgs);
const floating = desiredFloatingIp({
  ...common("floating-ip", "web"),
  type: "ipv4",
  address: "198.51.100.7",
  name: "web",
} as unknown as FloatingIpArgs);

const subject = (desired: Desired): Subject => ({ desired, key: "k", machine: "web", bridge: "br0" });

describe("what is found", () => {
  it.each([
    ["machine", machine],
    ["machine with limits", limited],
    ["machine with a subnet", routing()],
    ["protected machine with a subnet", routing("tenant")],
    ["machine that has to be reached", desiredMachine(machineArgs({ readyWhen: { reachable: true } }))],
    ["bridge", bridge],
    ["host", host],
    ["floating address", floating],
  ])("equals what is wanted of an untouched %s", (_name, desired) => {
    expect(found(subject(desired), factsOf(desired, "k"))).toEqual(desired);
  });

  const chosen = { ...common("host", "host-1"), packages: [], sysctls: {}, resolved: true, storage: { type: "auto" } };
  const mount = "/etc/systemd/system/var-lib-machines.mount";
  it("misses nothing of a file system for machines where the host chose a directory", () => {
    const auto = desiredHost(chosen as unknown as HostArgs);
    const facts = { ...factsOf(auto, "k"), hasStorageFile: false };
    facts.files.delete(mount);
    facts.units.delete("var-lib-machines.mount");
    facts.packages.delete("btrfs-progs");
    expect(found(subject(auto), facts)).toEqual(auto);
  });

  it("misses each part of one that the host has made", () => {
    const auto = desiredHost(chosen as unknown as HostArgs);
    const facts = factsOf(auto, "k");
    facts.units.set("var-lib-machines.mount", { enabled: "disabled", active: "inactive" });
    facts.packages.delete("btrfs-progs");
    facts.files.delete(mount);
    const { files, boot, live } = found(subject(auto), facts);
    expect(files).not.toHaveProperty([mount]);
    expect(boot).toMatchObject({ units: { "var-lib-machines.mount": "disabled" } });
    expect(boot.packages).not.toHaveProperty("btrfs-progs");
    expect(live).toMatchObject({ units: { "var-lib-machines.mount": "inactive" } });
  });

  const demanding = desiredMachine(machineArguments({ readyWhen: { reachable: true } }) as unknown as MachineArgs);
  const way = "host0 198.51.100.7 reached 192.0.2.9 192.0.2.9 198.51.100.7 eth0 br0 vb-web host0";
  it.each([
    [[], "untried"],
    [[way], "yes"],
    [[way, "back 10.99.0.5 isolated - - - back vb-web_1 back"], "yes"],
    [
      [way, way.replace(" reached ", " unreachable ").replace("198.51.100.7", "2001:db8::7")],
      "2001:db8::7 unreachable",
    ],
    [[way.replace(" reached ", " untried ")], "198.51.100.7 untried"],
  ])("says of a machine that has to be reached what the last probe found: %j", (lines, expected) => {
    const facts = { ...factsOf(demanding, "k"), reached: new Map([["k", lines.map(parseReachability)]]) };
    expect(found(subject(demanding), facts).live.reachable).toBe(expected);
    expect(found(subject(machine), facts).live.reachable).toBeUndefined();
  });

  it("shows what others' filters do to the traffic of a bridge and of a machine, and nothing of a host", () => {
    const facts = factsOf(bridge, "k");
    const chains = parseIptables("*filter\n:FORWARD DROP [0:0]\nCOMMIT\n", "ip6", "iptables-legacy");
    facts.netfilter = { ...noNetfilter, chains };
    const traffic = { link: "br0", families: ["ipv4", "ipv6"] as ("ipv4" | "ipv6")[], bridged: false };
    const place = "iptables-legacy, table ip6 filter, chain FORWARD, policy drop";
    expect(found({ ...subject(bridge), traffic: [traffic] }, facts).live.obstacles).toEqual([
      `IPv6 answers of machines on br0: ${place}`,
      `IPv6 answers to machines on br0: ${place}`,
      `IPv6 from machines on br0: ${place}`,
      `IPv6 to machines on br0: ${place}`,
    ]);
    expect(found({ ...subject(bridge), traffic: [{ ...traffic, families: ["ipv4"] }] }, facts)).toEqual(bridge);
    expect(found(subject(bridge), facts)).toEqual(bridge);
  });

  const changed = (desired: Desired, change: (facts: Facts) => void): Desired => {
    const facts = factsOf(desired, "k");
    change(facts);
    return found(subject(desired), facts);
  };

  it.each<[string, Desired, Partial<Facts["routes"][number]>]>([
    ["that leads elsewhere", routing("tenant"), { link: "br1" }],
    ["that leads through another neighbour", routing("tenant"), { gateway: "fe80::2" }],
    ["that is of another length", routing("tenant"), { destination: "2001:db8:1:0:5::/81" }],
    ["that leads through another address", routing(), { gateway: "2001:db8:1::8" }],
  ])("misses a subnet's route %s", (_name, desired, change) => {
    const without = changed(desired, ({ routes }) => {
      Object.assign(
        routes.find(({ destination }) => destination === subnets[0]!.subnet)!,
        change,
      );
    });
    const lines = (of: Desired): string[] => of.live.routes as string[];
    expect(lines(desired).filter((line) => !lines(without).includes(line))).toEqual([
      expect.stringMatching(/^2001:db8:1:0:5::\/80( via 2001:db8:1::7)? dev br0$/),
    ]);
  });

  it.each<[string, string, string, boolean]>([
    ["a link elsewhere", "", "/run/other", false],
    ["a file of others", "", "nameserver 192.0.2.53\n", false],
    ["ours, with options", "", "# Written by pulumi-nspawn: …\nnameserver 127.0.0.53\n", true],
    ["that of before, where the host asks itself", "DNSStubListener=no\n", "nameserver 127.0.0.1\n", true],
    ["a link of before, where the host asks itself", "DNSStubListener=no\n", "/run/resolvconf/resolv.conf", true],
    [
      "resolved's own link, where the host asks itself",
      "DNSStubListener=no\n",
      "/run/systemd/resolve/resolv.conf",
      false,
    ],
  ])("takes for the link of resolv.conf, or not: %s", (_name, dropIn, text, as) => {
    const wanted = host.boot.links;
    const state = changed(host, (facts) => {
      const rooted = { mode: "0644", uid: 0, gid: 0 };
      const type = text.startsWith("/") ? "link" : "file";
      facts.files.set("/etc/resolv.conf", { type, ...rooted, text });
      facts.files.set("/etc/systemd/resolved.conf.d/60-pulumi-nspawn.conf", { type: "file", ...rooted, text: dropIn });
    });
    if (as) expect(state.boot.links).toEqual(wanted);
    else expect(state.boot.links).not.toEqual(wanted);
  });

  it("shows a missing and an edited file", () => {
    const path = "/etc/systemd/nspawn/web.nspawn";
    expect(changed(machine, (facts) => facts.files.delete(path)).files).not.toHaveProperty([path]);
    const edited = changed(machine, (facts) =>
      facts.files.set(path, { type: "file", mode: "0644", uid: 0, gid: 0, text: "x\n" }),
    );
    expect(edited.files[path]).toBe("x\n");
  });

  it("never follows a link in the place of a file", () => {
    const path = "/var/lib/machines/web/etc/hostname";
    const state = changed(machine, (facts) =>
      facts.files.set(path, { type: "link", mode: "0777", uid: 0, gid: 0, text: "/etc/shadow" }),
    );
    expect(state.files[path]).toBe("(a link to /etc/shadow)\n");
  });

  it("shows a wrong mode and a wrong owner, and takes a shifted tree's owner for right", () => {
    const path = "/var/lib/machines/web/etc/hosts";
    const file = { type: "file" as const, mode: "0644", uid: 131072, gid: 131072, text: machine.files[path] ?? "" };
    expect(changed(machine, (facts) => facts.files.set(path, file)).boot.modes).toEqual([
      `${path} is 0644 131072:131072, not 0644 0:0`,
    ]);
    const shifted = changed(machine, (facts) => {
      facts.files.set("/var/lib/machines/web", { type: "directory", mode: "0755", uid: 131072, gid: 131072, text: "" });
      for (const [name, each] of facts.files)
        if (name.startsWith("/var/lib/machines/web/")) facts.files.set(name, { ...each, uid: 131072, gid: 131072 });
    });
    expect(shifted.boot).not.toHaveProperty("modes");
  });

  it("shows another password hash", () => {
    const path = "/var/lib/machines/web/etc/shadow";
    const file = { type: "file" as const, mode: "0640", uid: 0, gid: 42, text: "root:*:1::::::\n" };
    expect(changed(machine, (facts) => facts.files.set(path, file)).secretFiles).toEqual({ [`${path}#root`]: "*" });
  });

  it.each<[string, Desired, (facts: Facts) => void, unknown]>([
    ["routes", machine, (facts) => facts.routes.splice(0, 1), ["2001:db8:1::7/128 dev br0"]],
    ["proxies", machine, (facts) => (facts.proxies = []), undefined],
    ["port", machine, (facts) => (facts.links.get("vb-web")!.master = undefined), "vb-web without master"],
    [
      "limits",
      limited,
      (facts) => (facts.units.get("systemd-nspawn@web.service")!.limits = { TasksMax: "77", CPUWeight: "5" }),
      { TasksMax: "77" },
    ],
    ["limits", limited, (facts) => facts.units.clear(), undefined],
    ["ready", machine, (facts) => facts.guests.set("web", "starting"), "starting"],
    ["ready", machine, (facts) => facts.guests.set("web", ""), "stopped"],
    ["link", bridge, (facts) => (facts.links.get("br0")!.up = false), "br0 bridge down"],
    ["link", bridge, (facts) => facts.links.clear(), undefined],
    [
      "addresses",
      bridge,
      (facts) => facts.links.get("br0")!.addresses.push("192.0.2.9/32"),
      ["192.0.2.9/32", "203.0.113.2/32", "fe80::1/64"],
    ],
    ["proxies", floating, (facts) => (facts.proxies = [{ address: "198.51.100.7", link: "eth1" }]), undefined],
  ])("shows a change of the live %s", (name, desired, change, expected) => {
    expect(changed(desired, change).live[name]).toEqual(expected);
  });

  it("takes the uplink that the script was written for", () => {
    const state = changed(floating, (facts) => {
      facts.files.set("/etc/pulumi-nspawn/uplink", {
        type: "file",
        mode: "0755",
        uid: 0,
        gid: 0,
        text: "#!/bin/sh\nuplink='eth1'\n",
      });
      facts.proxies = [{ address: "198.51.100.7", link: "eth1" }];
    });
    expect(state).toEqual(floating);
  });

  it("shows a setting that the host does not let anybody change as it is", () => {
    const state = changed(host, (facts) => {
      facts.sysctls.set("net.core.somaxconn", "4096");
      facts.records.set("k", new Map([["unsettable", ["net.core.somaxconn"]]]));
    });
    expect(state.live.sysctls).toEqual({ ...(host.live.sysctls as object), "net.core.somaxconn": "4096" });
  });

  it("shows no value of a setting that the kernel lacks, but of IPv6's own on a kernel without it", () => {
    const own = "net.ipv6.conf.all.forwarding";
    const state = changed(host, (facts) => {
      for (const name of ["net.core.somaxconn", own]) facts.sysctls.set(name, "");
      facts.records.set("k", new Map([["unsettable", ["net.core.somaxconn", own]]]));
    });
    const { "net.core.somaxconn": _, ...others } = host.live.sysctls as Record<string, string>;
    expect(state.live.sysctls).toEqual(others);
  });

  it("resolves a relative link", () => {
    const state = changed(host, (facts) =>
      facts.files.set("/etc/resolv.conf", {
        type: "link",
        mode: "0777",
        uid: 0,
        gid: 0,
        text: "../run/systemd/resolve/stub-resolv.conf",
      }),
    );
    expect(state).toEqual(host);
  });

  it("is gone when there is neither a record nor a file nor a tree", () => {
    const facts = factsOf(machine, "k");
    expect(isGone(subject(machine), facts, found(subject(machine), facts))).toBe(false);
    facts.records.clear();
    facts.files.clear();
    expect(isGone(subject(machine), facts, found(subject(machine), facts))).toBe(true);
    facts.files.set("/var/lib/machines/web", { type: "directory", mode: "0755", uid: 0, gid: 0, text: "" });
    expect(isGone(subject(machine), facts, found(subject(machine), facts))).toBe(false);
  });
});
