import { Facts } from "../../cli/doctor/facts";
import { machinesOf, type Machine } from "../../cli/stack/machines";
import type { StackResource } from "../../cli/stack/deployment";
import { compact } from "../../provider/model/compact";
import { storedDefaults } from "../../provider/model/stored";

const [v4, v6] = ["198.51.100.7", "2001:db8:f::7"];

const host = { id: "shop/test/host/host-1", instance: "101" };
const dynamic = (type: string) => `pulumi-nodejs:dynamic/nspawn:${type}`;
const parentOf = (kind: string, name: string) => `urn:pulumi:test::shop::nspawn:index:${kind}::${name}`;

/** The arguments of the machine; state leaves out those that equal their defaults. */
const machineInputs = {
  stateVersion: 1,
  host,
  name: "web",
  hostname: "web",
  image: {
    kind: "debootstrap",
    suite: "bookworm",
    mirror: "http://deb.debian.org/debian",
    variant: "minbase",
    packages: [],
  },
  networks: [
    {
      bridge: "br0",
      isolation: "tenant",
      gateway4: "203.0.113.5",
      addresses: [
        { address: v4, host: host.id, proxied: false },
        { address: v6, host: host.id, proxied: true },
      ],
    },
  ],
  connection: { host: "203.0.113.5", port: 22, user: "root", hostKeys: [] },
  running: true,
  readyWhen: "running",
  onDelete: "trash",
};

/** A stack with one machine of both families, as `pulumi stack export` has it. */
export function stack(): StackResource[] {
  const urn = (type: string, name: string) => `urn:pulumi:test::shop::${type}::${name}`;
  const floating = (name: string, type: string, address: string, network?: string): StackResource[] => [
    {
      urn: urn("hcloud:index/floatingIpAssignment:FloatingIpAssignment", name),
      type: "hcloud:index/floatingIpAssignment:FloatingIpAssignment",
      parent: parentOf("FloatingIp", name),
      outputs: { floatingIpId: 55, serverId: 101 },
    },
    {
      urn: urn(dynamic("FloatingIp"), name),
      type: dynamic("FloatingIp"),
      parent: parentOf("FloatingIp", name),
      inputs: { name, type, address, network },
    },
  ];
  return [
    { urn: urn("pulumi:pulumi:Stack", "shop-test"), type: "pulumi:pulumi:Stack" },
    {
      urn: urn("hcloud:index/server:Server", "host-1"),
      type: "hcloud:index/server:Server",
      id: "101",
      outputs: { ipv4Address: "203.0.113.5", ipv6Network: "2001:db8:1::/64" },
    },
    {
      urn: urn(dynamic("NspawnHost"), "host-1"),
      type: dynamic("NspawnHost"),
      inputs: { owner: host.id },
      outputs: { uplinkName: "eth0" },
    },
    ...floating("four", "ipv4", v4),
    ...floating("six", "ipv6", "2001:db8:f::1", "2001:db8:f::/64"),
    {
      urn: urn(dynamic("NspawnMachine"), "web"),
      type: dynamic("NspawnMachine"),
      inputs: compact(machineInputs, storedDefaults.machine(machineInputs as object)),
      outputs: { credentials: {} },
    },
  ];
}

export function machine(change: (resources: StackResource[]) => void = () => undefined): Machine {
  const resources = stack();
  change(resources);
  return machinesOf({ stack: "test", resources })[0]!;
}

const link = (ifname: string, addresses: string[], more: object = {}) => ({
  ifname,
  flags: ["BROADCAST", "UP", "LOWER_UP"],
  addr_info: addresses.map((local) => ({ local, prefixlen: local.includes(":") ? 128 : 32 })),
  ...more,
});

const json = (value: unknown) => `0\n${JSON.stringify(value)}`;

const rules = (...actions: string[]) =>
  actions.map((action, index) => `${[0, 32766, 32767][index]}:\tfrom all ${action}`).join("\n");

/** What a host where all is in order says, in the form of the script's report. */
export function goodAnswers(): Record<string, string> {
  const settings = [
    "net/ipv4/ip_forward 1",
    "net/ipv6/conf/all/forwarding 1",
    "net/ipv6/conf/all/proxy_ndp 1",
    "net/ipv4/neigh/eth0/proxy_delay 0",
    "net/ipv6/neigh/eth0/proxy_delay 0",
  ];
  return {
    links: json([
      link("eth0", ["203.0.113.5"]),
      link("br0", ["203.0.113.5", "fe80::1"]),
      link("vb-web", [], { master: "br0" }),
    ]),
    proxies4: json([{ dst: v4, dev: "eth0" }]),
    proxies6: json([{ dst: v6, dev: "eth0" }]),
    default4: json([{ dst: "default", dev: "eth0" }]),
    default6: json([{ dst: "default", dev: "eth0" }]),
    settings: `0\n${settings.join("\n")}`,
    [`route:${v4}`]: json([{ dst: v4, dev: "br0" }]),
    [`route:${v6}`]: json([{ dst: v6, dev: "br0" }]),
    [`out:${v4}`]: json([{ dst: "8.8.8.8", from: v4, gateway: "172.31.1.1", dev: "eth0", iif: "br0" }]),
    [`out:${v6}`]: json([{ dst: "2001:4860:4860::8888", from: v6, gateway: "fe80::1", dev: "eth0", iif: "br0" }]),
    [`answer:${v4}`]: "0\n1 packets transmitted, 1 received",
    [`answer:${v6}`]: "0\n1 packets transmitted, 1 received",
    rules4: `0\n${rules("lookup local", "lookup main", "lookup default")}`,
    rules6: `0\n${rules("lookup local", "lookup main")}`,
    filters: "0\nbr0\tloaded",
    "firewall:web": "0\n",
    "legacy:web": "0\n",
    "unit:web": "0\nActiveState=active\nSubState=running\nResult=success",
    "leader:web": "0\n4711",
    "ready:web": "0\nrunning",
    "links:web": json([link("host0", [v4, v6, "fe80::5"])]),
    "out4:web": json([{ dst: "8.8.8.8", gateway: "203.0.113.5", dev: "host0", prefsrc: v4 }]),
    "out6:web": json([{ dst: "2001:4860:4860::8888", gateway: "fe80::1", dev: "host0", prefsrc: v6 }]),
    "gateway4:web": "0\n1 packets transmitted, 1 received",
    "gateway6:web": "0\n1 packets transmitted, 1 received",
  };
}

/** Facts of that host with some answers changed, or taken away (undefined). */
export function facts(changes: Record<string, string | undefined> = {}): Facts {
  const answers = Object.entries({ ...goodAnswers(), ...changes }).filter((entry) => entry[1] !== undefined);
  return new Facts(new Map(answers.map(([name, text]) => [name, Buffer.from(text ?? "")])));
}
