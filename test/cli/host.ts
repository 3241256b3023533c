import type { Found } from "../../cli/doctor/found";
import { machinesOf, type Machine } from "../../cli/stack/machines";
import type { StackResource } from "../../cli/stack/deployment";
import { compact } from "../../provider/model/compact";
import { storedDefaults } from "../../provider/model/stored";
import { parseFacts } from "../../provider/observe/facts/parse-facts";
import { parsePath } from "../../provider/observe/path/parse-path";

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

const json = (value: unknown) => JSON.stringify(value);
const said = (value: unknown) => `0\n${JSON.stringify(value)}`;

const rules = (...actions: string[]) =>
  actions.map((action, index) => `${[0, 32766, 32767][index]}:\tfrom all ${action}`).join("\n");

export const unit = (active: string) => `Id=systemd-nspawn@web.service\nUnitFileState=enabled\nActiveState=${active}\n`;

/** What a fact is called that is about an address. */
export const about = (what: string, address: string) => `path.${what}.${address.replaceAll(":", "_")}`;

/** Four lines of a machine that runs: its state, its host0 twice, all its interfaces. */
const guest = (addresses: string[]) =>
  `running\n${json([{ ifname: "host0" }])} \n${`${json([{}, link("host0", addresses)])} \n`.repeat(2)}`;

/** What the steps diagnose and facts say of a host where all is in order, by the names of their texts. */
export function goodAnswers(): Record<string, string> {
  const sysctls = [
    "net.ipv4.ip_forward\t1",
    "net.ipv6.conf.all.forwarding\t1",
    "net.ipv6.conf.all.proxy_ndp\t1",
    "net.ipv4.neigh.eth0.proxy_delay\t0",
    "net.ipv6.neigh.eth0.proxy_delay\t0",
  ];
  return {
    // Of ip-link(8) and of ip-address(8): here one text for both.
    links: json([
      link("eth0", ["203.0.113.5"]),
      link("br0", ["203.0.113.5", "fe80::1"]),
      link("vb-web", [], { master: "br0" }),
    ]),
    proxy4: json([{ dst: v4, dev: "eth0" }]),
    proxy6: json([{ dst: v6, dev: "eth0" }]),
    route4: json([{ dst: "default", dev: "eth0" }]),
    route6: json([{ dst: "default", dev: "eth0" }]),
    sysctls: sysctls.join("\n"),
    [about("route", v4)]: said([{ dst: v4, dev: "br0" }]),
    [about("route", v6)]: said([{ dst: v6, dev: "br0" }]),
    [about("out", v4)]: said([{ dst: "8.8.8.8", from: v4, gateway: "172.31.1.1", dev: "eth0", iif: "br0" }]),
    [about("out", v6)]: said([{ dst: "2001:4860:4860::8888", from: v6, gateway: "fe80::1", dev: "eth0", iif: "br0" }]),
    [about("ping", v4)]: "0\n1 packets transmitted, 1 received",
    [about("ping", v6)]: "0\n1 packets transmitted, 1 received",
    "path.rules4": rules("lookup local", "lookup main", "lookup default"),
    "path.rules6": rules("lookup local", "lookup main"),
    filters: "br0\tloaded",
    units: unit("active"),
    "guest.web": guest([v4, v6, "fe80::5"]),
    "path.firewall.web": "",
    "path.legacy.web": "",
    "path.ready.web": "0\nrunning",
    "path.out4.web.host0": said([{ dst: "8.8.8.8", gateway: "203.0.113.5", dev: "host0", prefsrc: v4 }]),
    "path.out6.web.host0": said([{ dst: "2001:4860:4860::8888", gateway: "fe80::1", dev: "host0", prefsrc: v6 }]),
    "path.gateway4.web.host0": "0\n1 packets transmitted, 1 received",
    "path.gateway6.web.host0": "0\n1 packets transmitted, 1 received",
  };
}

/** What is left of a machine that does not run, with its cable. */
export const off: Record<string, string | undefined> = {
  "guest.web": "",
  ...Object.fromEntries(
    ["ready", "out4", "out6", "gateway4", "gateway6", "firewall", "legacy"].map((what) => [
      `path.${what}.web`,
      undefined,
    ]),
  ),
  links: goodAnswers().links!.replace('"vb-web"', '"vb-gone"'),
};

/** What was found on that host with some texts changed, or taken away (undefined). */
export function found(changes: Record<string, string | undefined> = {}): Found {
  const { links, ...texts } = { ...goodAnswers(), ...changes };
  const all = Object.entries({ ...texts, link: links, addr: links });
  const raw = new Map(all.flatMap(([name, text]): [string, string][] => (text === undefined ? [] : [[name, text]])));
  return { facts: parseFacts({ texts: raw, files: new Map() }), path: parsePath(raw) };
}
