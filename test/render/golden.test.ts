import type { BridgeArgs, FirewallRuleArgs } from "../../provider/model/args";
import { desiredBridge } from "../../provider/render/desired-bridge";
import { desiredFloatingIp } from "../../provider/render/desired-floating-ip";
import { desiredHost } from "../../provider/render/desired-host";
import { desiredMachine } from "../../provider/render/desired-machine";
import { UNKNOWN } from "../../provider/model/unknown";
import { bridgeArgs, floatingIpArgs, hostArgs, hostKeyText, machineArgs, meshKeys } from "../support/sample";
import { expectGolden } from "./golden";

const id = "shop/lab/host/host-1";

describe("NspawnHost", () => {
  it("by default", () => expectGolden("host", desiredHost(hostArgs())));

  it("with its uplink by name, packages and settings of its own, and without resolved", () => {
    const sysctls = { "net.core.somaxconn": "1024", "fs.inotify.max_user_instances": "16384" };
    expectGolden(
      "host-own",
      desiredHost(hostArgs({ uplink: "ens3", packages: ["tcpdump"], sysctls, resolved: false })),
    );
  });
});

describe("an NspawnHost with a neighbour proxy", () => {
  it("with a key for WireGuard", () => {
    const { boot, live, files } = desiredHost(hostArgs({ wireguard: true }));
    expect(boot.packages).toMatchObject({ "wireguard-tools": "installed" });
    expect(live.wireguard).toBe("made, 0640 root:systemd-network");
    expect(Object.keys(files).filter((path) => path.includes("wireguard"))).toEqual([]);
    const { live: without, boot: no } = desiredHost(hostArgs());
    expect([without.wireguard, JSON.stringify(no)]).toEqual([undefined, expect.not.stringContaining("wireguard")]);
  });
  it("for subnets", () => expectGolden("host-ndppd", desiredHost(hostArgs({ neighbourProxy: "ndppd" }))));
});

describe("an NspawnHost with storage of its own", () => {
  it("that the host chooses", () => expectGolden("host-auto", desiredHost(hostArgs({ storage: { type: "auto" } }))));
  it("on btrfs", () => expectGolden("host-btrfs", desiredHost(hostArgs({ storage: { type: "btrfs", size: "40G" } }))));
  it("that is a directory, is as one that says nothing", () =>
    expectGolden("host", desiredHost(hostArgs({ storage: { type: "directory" } }))));
});

describe("BridgeNetwork", () => {
  it("for both families", () => expectGolden("bridge", desiredBridge(bridgeArgs())));
  it("on a host without IPv4", () => expectGolden("bridge-ipv6", desiredBridge(bridgeArgs({ ipv4: undefined }))));
  it("with another name and MTU", () =>
    expectGolden("bridge-mtu", desiredBridge(bridgeArgs({ bridge: "mgmt", ipv6: undefined, mtu: 1450 }))));
  it("that protects its machines", () =>
    expectGolden("bridge-tenant", desiredBridge(bridgeArgs({ isolation: "tenant" }))));
  it("that protects its machines, with groups and services", () => {
    const allowBetween = [
      ["web", "db-1"],
      ["web", "cache"],
    ];
    const hostServices = [
      { protocol: "udp", port: 53 },
      { protocol: "tcp", port: 3142 },
    ] satisfies BridgeArgs["hostServices"];
    const args = bridgeArgs({ bridge: "mgmt", isolation: "tenant", allowBetween, hostServices });
    expectGolden("bridge-tenant-groups", desiredBridge(args));
  });
  it("that knows of subnets", () => {
    const args = bridgeArgs({ isolation: "tenant", subnets: true, allowBetween: [["web", "db-1"]] });
    expectGolden("bridge-subnets", desiredBridge(args));
  });
  it("whose machines have cables of their own, and that knows of subnets", () =>
    expectGolden(
      "bridge-veth-subnets",
      desiredBridge(bridgeArgs({ isolation: "tenant", attach: "veth", subnets: true })),
    ));
  it("whose machines have cables of their own", () => {
    const allowBetween = [["web"], ["db-1"]];
    expectGolden("bridge-veth", desiredBridge(bridgeArgs({ isolation: "tenant", attach: "veth", allowBetween })));
  });
  it("on which nobody but machines is", () =>
    expectGolden("bridge-isolated", desiredBridge(bridgeArgs({ bridge: "back", mode: "isolated", mtu: 1400 }))));
  it("on which nobody but machines is, that protects them", () => {
    const args = bridgeArgs({ bridge: "back", mode: "isolated", isolation: "tenant", allowBetween: "none" });
    expectGolden("bridge-isolated-tenant", desiredBridge(args));
  });
  it("on which nobody but machines is, with a macvlan wired to it", () => {
    const args = bridgeArgs({ bridge: "br-mgmt", mode: "isolated", macvlan: "mv-mgmt", mtu: 9000 });
    expectGolden("bridge-isolated-macvlan", desiredBridge(args));
  });
  it("with a macvlan wired to it", () =>
    expectGolden("bridge-macvlan", desiredBridge(bridgeArgs({ macvlan: "mv-br0" }))));
  it("on a private network", () => {
    const privateNetwork = { macAddress: "86:00:00:2a:3b:4c", address: "10.0.1.11", network: "10.0.11.0/24" };
    const args = { bridge: "back", isolation: "tenant", ipv4: "10.0.1.11", ipv6: undefined, mtu: 1450 } as const;
    const shared = bridgeArgs({ ...args, subnets: undefined, privateNetwork });
    expectGolden("bridge-private", desiredBridge(shared));
    // Where nothing else leads out, nothing has to be kept apart from it.
    const alone = desiredBridge({ ...shared, privateNetwork: { ...privateNetwork, only: true } });
    expect(alone.files["/etc/systemd/network/10-back.network"]).not.toContain("RoutingPolicyRule");
  });

  it("on which machines of several hosts are", () => {
    const vxlan = { id: 5001, local: "203.0.113.2", peers: ["203.0.113.9", "203.0.113.4"] };
    const args = { bridge: "back", mode: "isolated", isolation: "tenant", mtu: 1450, vxlan } as const;
    expectGolden("bridge-vxlan", desiredBridge(bridgeArgs({ ...args, ipv4: undefined })));
  });
  it("on which machines of several hosts are, over IPv6", () => {
    const vxlan = { id: 16_777_215, local: "2001:db8:1::1", peers: ["2001:db8:2::1"], port: 8472 };
    const args = { bridge: "back", mode: "isolated", isolation: "tenant", mtu: 1430, vxlan } as const;
    expectGolden("bridge-vxlan-ipv6", desiredBridge(bridgeArgs({ ...args, ipv4: undefined })));
  });
  it("on which machines of several hosts are, with WireGuard between them", () => {
    const wireguard = { key: meshKeys[0], peers: [meshKeys[1], meshKeys[2]] };
    const vxlan = { id: 5001, local: "203.0.113.2", peers: ["203.0.113.9", "203.0.113.4"], wireguard };
    const args = { bridge: "back", mode: "isolated", isolation: "tenant", mtu: 1370, vxlan } as const;
    expectGolden("bridge-wireguard", desiredBridge(bridgeArgs({ ...args, ipv4: undefined })));
    const six = { id: 7, local: "2001:db8:1::1", peers: ["2001:db8:2::1"], port: 8472 };
    const over = { ...six, wireguard: { key: meshKeys[0], peers: [meshKeys[1]], port: 4500 } };
    const { files } = desiredBridge(bridgeArgs({ ...args, mtu: 1350, vxlan: over, ipv4: undefined }));
    expect(files["/etc/systemd/network/10-wg-7.netdev"]).toMatch(/MTUBytes=1420\n.*ListenPort=4500\n.*Endpoint=\[2001:db8:2::1\]:4500\n/s);
    const rules = files["/etc/pulumi-nspawn/filter/back.nft"];
    expect(rules).toMatch(/udp dport 4500 goto sender\n.*meta nfproto ipv4 drop\n *ip6 saddr != \{ 2001:db8:2::1 \} drop/s);
  }); // prettier-ignore
  it("of whose WireGuard a preview does not know the keys", () => {
    const vxlan = { id: 5001, local: "203.0.113.2", peers: ["203.0.113.9"] };
    const args = { bridge: "back", mode: "isolated", isolation: "tenant", mtu: 1370 } as const;
    for (const wireguard of [UNKNOWN as never, { key: meshKeys[0], peers: [UNKNOWN] }]) {
      const { files, live } = desiredBridge(bridgeArgs({ ...args, vxlan: { ...vxlan, wireguard } }));
      expect(Object.keys(files).filter((path) => /vx-|wg-|filter.*nft/.test(path))).toEqual([]);
      expect([live.tunnel, live.peers, live.mesh, live.meshPeers]).toEqual([
        undefined,
        undefined,
        undefined,
        undefined,
      ]);
    }
  });
  it("whose machines have leases, translated", () => {
    const args = bridgeArgs({
      ...{ bridge: "nat0", mode: "nat", isolation: "tenant", ipv4: undefined, ipv6: undefined },
      ...{ lan4: { network: "10.0.3.0/24", gateway: "10.0.3.1" } },
      dhcpServer: { poolOffset: 25, poolSize: 100, defaultLeaseTimeSec: 10800, emitDns: true, emitNtp: false },
    });
    expectGolden("bridge-nat", desiredBridge(args));
  });
  it("with the uplink as its port", () =>
    expectGolden("bridge-transparent", desiredBridge(bridgeArgs({ mode: "transparent", uplink: "eth0" }))));
  it("with the uplink as its port, that protects its machines", () => {
    const args = bridgeArgs({ mode: "transparent", uplink: "eth0", isolation: "tenant", allowBetween: "none" });
    expectGolden("bridge-transparent-tenant", desiredBridge(args));
  });
});

describe("FloatingIp", () => {
  it("of IPv4", () => expectGolden("floating-ipv4", desiredFloatingIp(floatingIpArgs())));
  it("of IPv6", () => {
    const args = floatingIpArgs({ type: "ipv6", address: "2001:db8:f::1", network: "2001:db8:f::/64", name: "web6" });
    expectGolden("floating-ipv6", desiredFloatingIp(args));
  });
});

describe("NspawnMachine", () => {
  const [dual] = machineArgs().networks;
  const [ipv4, ipv6] = dual!.addresses;
  const at = (...addresses: string[]) => addresses.map((address) => ({ address, proxied: true }));

  it("with an address of each family", () => expectGolden("machine-dual-stack", desiredMachine(machineArgs())));

  it("on a bridge that protects it", () => {
    const networks = [{ ...dual!, isolation: "tenant" as const }];
    expectGolden("machine-tenant", desiredMachine(machineArgs({ networks })));
  });

  it("with a cable of its own", () => {
    const networks = [{ ...dual!, isolation: "tenant" as const, attach: "veth" as const }];
    expectGolden("machine-veth", desiredMachine(machineArgs({ networks })));
  });

  it("on a bridge that protects it, with a firewall and in groups", () => {
    const networks = [{ ...dual!, isolation: "tenant" as const, groups: [0, 1] }];
    const everybody = ["0.0.0.0/0", "::/0"];
    const firewall: FirewallRuleArgs[] = [
      { direction: "in", protocol: "tcp", port: "443", sources: everybody },
      { direction: "in", protocol: "tcp", port: "8000-8100", sources: ["192.0.2.0/24"] },
      { direction: "in", protocol: "icmp", sources: everybody },
      { direction: "out", protocol: "udp", port: "any", destinations: ["2001:db8:53::/48"] },
      { direction: "out", protocol: "gre", destinations: ["192.0.2.1/32"] },
    ];
    expectGolden("machine-tenant-firewall", desiredMachine(machineArgs({ networks, firewall })));
  });

  const subnets = ["2001:db8:1:0:5::/80", "2001:db8:f:7::/64"].map((subnet) => ({ subnet }));

  it("that is the router of two subnets, protected, with a firewall and in a group", () => {
    const networks = [{ ...dual!, subnets, isolation: "tenant" as const, groups: [0] }];
    const firewall: FirewallRuleArgs[] = [{ direction: "in", protocol: "tcp", port: "443", sources: ["::/0"] }];
    expectGolden("machine-subnets", desiredMachine(machineArgs({ networks, firewall })));
  });

  it("that is the router of a subnet on its second network, unprotected", () => {
    const networks = [
      { ...dual!, addresses: [ipv4!, ipv6!] },
      {
        ...{ host: id, bridge: "br1", subnets: subnets.slice(0, 1) },
        addresses: [{ address: "2001:db8:1::8", proxied: true }],
      },
    ];
    expectGolden("machine-subnets-second", desiredMachine(machineArgs({ networks })));
  });

  it("on four networks: protected, with a cable of its own, on a LAN, and unprotected", () => {
    const tenant = { host: id, isolation: "tenant" as const };
    const networks = [
      { ...dual!, ...tenant },
      { ...tenant, bridge: "mgmt", attach: "veth" as const, addresses: at("2001:db8:1::9", "2001:db8:1::a") },
      { ...tenant, bridge: "br-lan", interface: "lan", mode: "transparent" as const, addresses: [], mtu: 1400 },
      { host: id, bridge: "plain", addresses: at("198.51.100.9"), gateway4: "203.0.113.5" },
    ];
    expectGolden("machine-networks", desiredMachine(machineArgs({ networks })));
  });

  it("whose default routes lead to its second network", () => {
    const networks = [
      { ...dual!, addresses: [ipv4!] },
      { host: id, bridge: "br1", defaultRoute: true, addresses: [ipv6!] },
      { host: id, bridge: "br2", addresses: [{ address: "2001:db8:1::8", proxied: true }] },
    ];
    expectGolden("machine-networks-default", desiredMachine(machineArgs({ networks })));
  });

  it("with a name that is longer than an interface's", () => {
    const args = machineArgs({ name: "db.example.org", networks: [{ ...dual!, isolation: "tenant" as const }] });
    expectGolden("machine-long-name", desiredMachine(args));
  });

  it("on a private network alone", () => {
    const on = { host: id, bridge: "back", isolation: "tenant" as const, isPrivate: true, mtu: 1450 };
    const addresses = [{ address: "10.0.11.5", proxied: false }];
    const networks = [{ ...on, gateway4: "10.0.1.11", lan4: { network: "10.0.11.0/24" }, addresses }];
    expectGolden("machine-private", desiredMachine(machineArgs({ networks })));
    // Beside a network with the default route it is the way to private addresses.
    const { files } = desiredMachine(machineArgs({ networks: [dual!, ...networks] }));
    expect(files["/var/lib/machines/web/etc/systemd/network/80-container-back.network"]).toContain(
      "[Route]\nDestination=10.0.0.0/8\nGateway=10.0.1.11\nGatewayOnLink=yes\nPreferredSource=10.0.11.5\nMetric=1001\n",
    );
  });

  it("on an isolated network, protected, beside a routed one", () => {
    const networks = [
      dual!,
      {
        ...{ host: id, bridge: "back", mode: "isolated" as const, isolation: "tenant" as const },
        ...{ lan4: { network: "10.9.0.0/24" }, lan6: "fd12:3456:789a:1::/64" },
        addresses: ["10.9.0.7", "fd12:3456:789a:1::7"].map((address) => ({ address, proxied: true })),
      },
    ];
    expectGolden("machine-isolated", desiredMachine(machineArgs({ networks })));
  });

  it("on macvlans, one of them with a name of its own, beside a routed network", () => {
    const isolated = { host: id, mode: "isolated" as const, attach: "macvlan" as const };
    const networks = [
      dual!,
      {
        ...isolated,
        bridge: "br-mgmt",
        macvlan: "mv-mgmt",
        lan6: "fd12:3456:789a:1::/64",
        addresses: at("fd12:3456:789a:1::7"),
      },
      { ...isolated, bridge: "br-storage", macvlan: "mv-storage", interface: "store", mtu: 9000, addresses: [] },
    ];
    expectGolden("machine-macvlan", desiredMachine(machineArgs({ networks })));
  });

  it("on a macvlan alone, routed to", () => {
    const networks = [{ ...dual!, attach: "macvlan" as const, macvlan: "mv-br0" }];
    expectGolden("machine-macvlan-alone", desiredMachine(machineArgs({ networks })));
  });
  it("on an isolated network of several hosts", () => {
    const networks = [
      {
        ...{ host: id, bridge: "back", mode: "isolated" as const, isolation: "tenant" as const, mtu: 1450 },
        ...{ lan4: { network: "10.9.0.0/24" }, lan6: "fd12:3456:789a:1::/64", vxlan: 5001 },
        addresses: ["10.9.0.7", "fd12:3456:789a:1::7"].map((address) => ({ address, proxied: true })),
      },
    ];
    expectGolden("machine-vxlan", desiredMachine(machineArgs({ networks })));
  });

  it("leaves out of a tunnel what a preview does not know", () => {
    const vxlan = { id: 5001, local: UNKNOWN, peers: [UNKNOWN] };
    const { files, live } = desiredBridge(bridgeArgs({ bridge: "back", mode: "isolated", isolation: "tenant", mtu: 1450, vxlan }));
    expect(Object.keys(files).filter((path) => /vx-|back\.nft/.test(path))).toEqual([]);
    expect([live.tunnel, live.peers]).toEqual([undefined, undefined]);
  }); // prettier-ignore

  it("with a lease and a port of the host, and routed IPv6", () => {
    const networks = [
      {
        ...{ host: id, bridge: "nat0", mode: "nat" as const, isolation: "tenant" as const },
        ...{ lan4: { network: "10.0.3.0/24", gateway: "10.0.3.1" }, gateway4: "203.0.113.2" },
        ports: [{ protocol: "tcp" as const, host: 8080, machine: 80 }],
        addresses: ["10.0.3.30", "2001:db8:1::7"].map((address) => ({ address, proxied: true })),
      },
    ];
    expectGolden("machine-nat", desiredMachine(machineArgs({ networks })));
  });

  it("with IPv4 alone", () => {
    expectGolden("machine-ipv4", desiredMachine(machineArgs({ networks: [{ ...dual!, addresses: [ipv4!] }] })));
  });

  it("with IPv6 alone, on a host without IPv4", () => {
    const networks = [{ bridge: "br0", host: id, addresses: [ipv6!] }];
    expectGolden("machine-ipv6", desiredMachine(machineArgs({ networks })));
  });

  it("with literal addresses, several of a family, and every argument given", () => {
    const addresses = ["198.51.100.8", "198.51.100.9", "2001:db8:1::8", "2001:db8:1::9"].map((address) => ({
      address,
      proxied: true,
    }));
    const args = machineArgs({
      name: "db-1",
      networks: [{ ...dual!, bridge: "mgmt", addresses }],
      hostname: "db-1.example.org",
      dns: ["185.12.64.1", "2a01:4ff:ff00::add:1"],
      timezone: "Europe/Berlin",
      authorizedKeys: [`${hostKeyText} one`, `restrict ${hostKeyText} two`],
      rootPassword: "$6$saltsalt$hash",
      startAtBoot: false,
      running: true,
      ephemeral: true,
      privateUsers: "524288",
      readyWhen: "started",
    });
    expectGolden("machine-static", desiredMachine(args));
  });

  it("on the LAN itself, with its addresses", () => {
    const networks = [{ ...dual!, mode: "transparent" as const, addresses: [] }];
    expectGolden("machine-lan", desiredMachine(machineArgs({ networks })));
  });

  it("on the LAN itself, on a bridge that protects it", () => {
    const networks = [{ ...dual!, mode: "transparent" as const, isolation: "tenant" as const, addresses: [] }];
    expectGolden("machine-lan-tenant", desiredMachine(machineArgs({ networks })));
  });

  it("on the LAN itself, with given addresses", () => {
    const given = ["192.0.2.240", "2001:db8:ffff:2::240"].map((address) => ({ address, proxied: true }));
    const lan4 = { network: "192.0.2.192/26", gateway: "192.0.2.193" };
    const networks = [{ ...dual!, mode: "transparent" as const, lan4, addresses: given }];
    expectGolden("machine-lan-static", desiredMachine(machineArgs({ networks })));
  });

  it("stopped, without any address or key", () => {
    const args = machineArgs({
      networks: [{ ...dual!, addresses: [] }],
      authorizedKeys: [],
      running: false,
      privateUsers: "no",
    });
    expectGolden("machine-bare", desiredMachine(args));
  });

  it("without any network", () => expectGolden("machine-alone", desiredMachine(machineArgs({ networks: [] }))));

  it("of an older version, which is not confined", () =>
    expectGolden("machine-unconfined", desiredMachine(machineArgs({ confined: false }))));

  it("with settings and limits of its own", () => {
    const settings = {
      exec: {
        capability: ["CAP_SYS_RESOURCE", "CAP_SYS_TIME"],
        dropCapability: ["CAP_NET_RAW"],
        noNewPrivileges: true,
        systemCallFilter: ["@keyring", "userfaultfd", "~@swap"],
        environment: { EMPTY: "", GREETING: "good day, ü %n $x" },
        limitNOFILE: 65536,
        limitMEMLOCK: 1048576,
      },
      files: {
        bind: [{ source: "/srv/web/data", map: "rootidmap" as const }, { source: "/srv/web" }],
        bindReadOnly: [{ source: "/opt/tools", target: "/usr/local/tools" }],
        temporaryFileSystem: ["/scratch"],
      },
    };
    const limits = {
      cpuQuota: 150,
      cpuWeight: 50,
      memoryHigh: 402653184,
      memoryMax: 536870912,
      tasksMax: 512,
      ioWeight: 20,
      diskQuota: 2 ** 31,
    };
    expectGolden("machine-settings", desiredMachine(machineArgs({ settings, limits })));
  });

  it("that comes back by itself, after others", () => {
    const life = { restart: "on-failure" as const, restartDelay: 10, startAfter: ["db", "cache-1"] };
    expectGolden("machine-life", desiredMachine(machineArgs({ networks: [], ...life })));
  });

  it("leaves out its restarts where a preview does not know them", () => {
    const { files } = desiredMachine(machineArgs({ networks: [], restart: UNKNOWN as never }));
    expect(Object.keys(files).filter((path) => /61-pulumi|start/.test(path))).toEqual([]);
  });

  it("leaves out what depends on settings and limits that a preview does not know", () => {
    const limits = { memoryMax: UNKNOWN as never, tasksMax: 512 };
    const capability = [UNKNOWN];
    const { files, live } = desiredMachine(machineArgs({ settings: { exec: { capability } }, limits }));
    expect(Object.keys(files).filter((path) => /\.nspawn$|61-pulumi/.test(path))).toEqual([]);
    expect(live.limits).toEqual({ TasksMax: "512" });
    expect(desiredMachine(machineArgs({ limits: UNKNOWN as never, confined: UNKNOWN as never })).live.limits).toBe(
      undefined,
    );
  });

  it("never holds a password that is not hashed", () => {
    expect(() => desiredMachine(machineArgs({ rootPassword: "hunter2" }))).toThrow(/has to be hashed/);
  });
});
