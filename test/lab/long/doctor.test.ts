import { setTimeout as sleep } from "node:timers/promises";
import { describeInLab } from "../available";
import { Lab, run } from "../../support/harness";
import { apiServer } from "../api-server";
import { debian } from "../../support/debian";
import type { HostSpec, Spec } from "../../support/spec";

const minutes = 60_000;

const segment = (host: string, peer: string) => ({
  ...{
    host,
    bridge: "seg",
    mode: "isolated" as const,
    ipv4: { network: "10.98.0.0/24" },
    vxlan: { id: 5001, peers: [peer] },
  },
});

/** A machine in each way to be attached; one is on a LAN, whose host `lan` joins later. */
const spec: Spec = {
  hosts: { one: { server: {}, neighbourProxy: "ndppd" }, two: { server: {} } },
  bridges: {
    br0: { host: "one" },
    ve0: { host: "one", bridge: "ve0", attach: "veth" },
    nat0: { host: "one", bridge: "nat0", mode: "nat" },
    back: { host: "one", bridge: "back", mode: "isolated", ipv4: { network: "10.99.0.0/24" } },
    mesh0: { host: "one", bridge: "mesh0", mode: "isolated", isolation: "none", macvlan: true },
    "seg-1": segment("one", "two"),
    "seg-2": segment("two", "one"),
    lan0: { host: "lan", bridge: "lan0", mode: "transparent" },
  },
  ips: { four: { host: "one", type: "ipv4" } },
  machines: {
    web: { host: "one", bridge: "br0", addresses: [{ ip: "four" }, { ipv6For: "web" }] },
    own: { host: "one", bridge: "ve0", addresses: [{ ipv6For: "own" }] },
    inner: {
      host: "one",
      bridge: "nat0",
      addresses: [{ ipv4For: "inner" }, { ipv6For: "inner" }],
      ports: [{ protocol: "tcp", host: 2222, machine: 22 }],
    },
    db: { host: "one", bridge: "back", addresses: [{ ipv4For: "db" }, { ipv6For: "db" }] },
    router: {
      ...{ host: "one", bridge: "br0", addresses: [{ ipv6For: "router" }] },
      subnets: [{ name: "customer-1", length: 80 }],
    },
    infra: { host: "one", bridge: "mesh0", attach: "macvlan", addresses: [{ ipv6For: "infra" }] },
    left: { host: "one", bridge: "seg-1", addresses: [{ ipv4For: "left" }, { ipv6For: "left" }] },
    home: { host: "lan", bridge: "lan0" },
  },
};

type MachineName = "web" | "own" | "inner" | "db" | "router" | "infra" | "left" | "home";

/**
 * What somebody breaks by hand, and puts back. `$4` and `$6` are the machine's addresses, `$S` is its subnet, `$G` the gateway of
 * mode nat, `$P` the peer of the tunnel. `@` begins what is done in its network
 * namespace, `%` what is done by its own programs.
 */
interface Planted {
  what: string;
  machine: MachineName;
  plant: string;
  undo: string;
  /** The first hop that is not in order, and what of it. */
  hop: string;
  seen: RegExp;
}

const again = (bridge: string): string => `systemctl reload pulumi-nspawn-filter-${bridge}.service`;

const planted: Planted[] = [
  {
    ...{ what: "the answer for its IPv6 address on the uplink", machine: "web", hop: "uplink answers" },
    ...{ plant: "ip neigh del proxy $6 dev eth0", undo: "ip neigh add proxy $6 dev eth0" },
    seen: /no proxy entry/,
  },
  {
    ...{ what: "forwarding of IPv4", machine: "web", hop: "forwarding" },
    ...{ plant: "sysctl -qw net.ipv4.ip_forward=0", undo: "sysctl -qw net.ipv4.ip_forward=1" },
    seen: /net.ipv4.ip_forward is 0/,
  },
  {
    ...{ what: "forwarding of IPv6", machine: "own", hop: "forwarding" },
    ...{ plant: "sysctl -qw net.ipv6.conf.all.forwarding=0", undo: "sysctl -qw net.ipv6.conf.all.forwarding=1" },
    seen: /net.ipv6.conf.all.forwarding is 0/,
  },
  {
    ...{ what: "a forward policy of others", machine: "web", hop: "others' filters" },
    ...{
      plant:
        "nft 'add table inet others; add chain inet others f { type filter hook forward priority 0; policy drop; }'",
      undo: "nft delete table inet others",
    },
    seen: /table inet others, chain f, policy drop/,
  },
  {
    ...{ what: "a forward policy of others against IPv6", machine: "inner", hop: "others' filters" },
    ...{
      plant: "nft 'add table ip6 others; add chain ip6 others f { type filter hook forward priority 0; policy drop; }'",
      undo: "nft delete table ip6 others",
    },
    seen: /table ip6 others, chain f, policy drop/,
  },
  {
    ...{ what: "the bridge's address", machine: "web", hop: "bridge" },
    ...{ plant: "ip addr del fe80::1/64 dev br0", undo: "ip addr add fe80::1/64 dev br0 nodad" },
    seen: /has no fe80::1, the machines' gateway/,
  },
  {
    ...{ what: "the filter", machine: "web", hop: "filter" },
    ...{ plant: "nft delete table inet pulumi-nspawn-br0", undo: again("br0") },
    seen: /is not (loaded|what its file says)/,
  },
  {
    ...{ what: "the route to its IPv6 address", machine: "web", hop: "route" },
    ...{ plant: "ip -6 route del $6 dev br0", undo: "ip -6 route add $6 dev br0 proto static" },
    seen: /goes to eth0|unreachable|no route/,
  },
  {
    ...{ what: "a rule against its IPv4 address", machine: "web", hop: "route" },
    ...{ plant: "ip rule add to $4 prio 50 blackhole", undo: "ip rule del to $4 prio 50 blackhole" },
    seen: /blackhole/,
  },
  {
    ...{ what: "a rule against what its IPv6 address sends", machine: "web", hop: "route out" },
    ...{ plant: "ip -6 rule add from $6 prio 50 prohibit", undo: "ip -6 rule del from $6 prio 50 prohibit" },
    seen: /prohibit/,
  },
  {
    ...{ what: "its port", machine: "web", hop: "port" },
    ...{ plant: "ip link set vb-web down", undo: "ip link set vb-web up" },
    seen: /is down/,
  },
  {
    ...{ what: "its own IPv6 address", machine: "web", hop: "guest address" },
    ...{ plant: "@ip addr del $6/128 dev host0", undo: "@ip addr add $6/128 dev host0 nodad" },
    seen: /host0 has/,
  },
  {
    ...{ what: "its own way out", machine: "web", hop: "guest route" },
    ...{ plant: "@ip -6 route del default", undo: "@ip -6 route add default via fe80::1 dev host0" },
    seen: /unreachable|no way out/,
  },
  {
    ...{ what: "a firewall of its own root", machine: "web", hop: "guest firewall" },
    ...{
      plant: "@nft 'add table ip6 own; add chain ip6 own i { type filter hook input priority 0; policy drop; }'",
      undo: "@nft delete table ip6 own",
    },
    seen: /is not answered|no answer/,
  },
  {
    ...{ what: "the machine", machine: "own", hop: "machine" },
    ...{
      plant: "systemctl stop systemd-nspawn@own",
      undo: "systemctl start systemd-nspawn@own; sleep 6",
    },
    seen: /is (inactive|failed|deactivating)/,
  },
  {
    ...{ what: "the route to its cable", machine: "own", hop: "route" },
    ...{ plant: "ip -6 route del $6 dev ve-own", undo: "networkctl reconfigure ve-own; sleep 2" },
    seen: /goes to eth0|unreachable|no route/,
  },
  {
    ...{ what: "the translation", machine: "inner", hop: "filter" },
    ...{ plant: "nft flush chain inet pulumi-nspawn-nat0 translated", undo: again("nat0") },
    seen: /is not what its file says/,
  },
  {
    ...{ what: "its port of the host", machine: "inner", hop: "filter" },
    ...{ plant: "nft flush map inet pulumi-nspawn-nat0 forwards", undo: again("nat0") },
    seen: /is not what its file says/,
  },
  {
    ...{ what: "the gateway's address", machine: "inner", hop: "bridge" },
    ...{ plant: "ip addr del $G dev nat0", undo: "ip addr add $G dev nat0" },
    seen: /has no 10\.\d+\.0\.1, the machines' gateway/,
  },
  {
    ...{ what: "its leased address", machine: "inner", hop: "guest address" },
    ...{ plant: "@ip -4 addr flush dev host0", undo: "%networkctl reconfigure host0; sleep 6" },
    seen: /host0 has/,
  },
  {
    ...{ what: "its own way out, to another gateway", machine: "inner", hop: "guest route" },
    ...{
      plant: "@ip route replace default via 10.66.66.66 dev host0 onlink",
      undo: "%networkctl reconfigure host0; sleep 6",
    },
    seen: /via 10.66.66.66 dev host0/,
  },
  {
    ...{ what: "the bridge of machines alone", machine: "db", hop: "bridge" },
    ...{ plant: "ip link set back down", undo: "ip link set back up" },
    seen: /is down/,
  },
  {
    ...{ what: "their filter", machine: "db", hop: "filter" },
    ...{ plant: "nft delete table bridge pulumi-nspawn-back", undo: again("back") },
    seen: /is not (loaded|what its file says)/,
  },
  {
    ...{ what: "its port on it", machine: "db", hop: "port" },
    ...{
      plant: "ip link set vb-db down",
      undo: "ip link set vb-db up",
    },
    seen: /is down/,
  },
  {
    ...{ what: "its address on it", machine: "db", hop: "guest address" },
    ...{ plant: "@ip addr del $4/24 dev host0", undo: "@ip addr add $4/24 dev host0" },
    seen: /host0 has/,
  },
  {
    ...{ what: "who answers for its subnet", machine: "router", hop: "uplink answers" },
    ...{ plant: "systemctl stop pulumi-nspawn-ndppd", undo: "systemctl start pulumi-nspawn-ndppd" },
    seen: /ndppd, which answers for it, is inactive/,
  },
  {
    ...{ what: "the route to its subnet", machine: "router", hop: "route" },
    ...{
      plant: "ip -6 route show $S >/run/route; ip -6 route del $S",
      undo: "ip -6 route add $(sed 's/ metric .*//' /run/route)",
    },
    seen: /no route/,
  },
  {
    ...{ what: "one end of the macvlan's pair", machine: "infra", hop: "macvlan" },
    ...{ plant: "ip link set mv-mesh0-v1 down", undo: "ip link set mv-mesh0-v1 up" },
    seen: /mv-mesh0-v1 is down/,
  },
  {
    ...{ what: "the host's macvlan", machine: "infra", hop: "macvlan" },
    ...{
      plant: "ip link del mv-mesh0",
      undo: "ip link add mv-mesh0 link mv-mesh0-v2 type macvlan mode bridge; ip link set mv-mesh0 up",
    },
    seen: /there is no mv-mesh0/,
  },
  {
    ...{ what: "the tunnel's way to its peer", machine: "left", hop: "tunnel" },
    ...{
      plant: "bridge fdb del 00:00:00:00:00:00 dev vx-5001 dst $P",
      undo: "bridge fdb append 00:00:00:00:00:00 dev vx-5001 dst $P self permanent",
    },
    seen: /does not lead to/,
  },
  {
    ...{ what: "the tunnel", machine: "left", hop: "tunnel" },
    ...{ plant: "ip link set vx-5001 down", undo: "ip link set vx-5001 up" },
    seen: /is down/,
  },
  {
    ...{ what: "a firewall of the host, against the tunnel,", machine: "left", hop: "others' filters" },
    ...{
      plant:
        "nft 'add table inet others; add chain inet others i { type filter hook input priority 0; }; add rule inet others i udp dport 4789 drop'",
      undo: "nft delete table inet others",
    },
    seen: /VXLAN from .*table inet others, chain i/,
  },
  {
    ...{ what: "its port on the LAN's bridge", machine: "home", hop: "port" },
    ...{ plant: "ip link set vb-home down", undo: "ip link set vb-home up" },
    seen: /is down/,
  },
  {
    ...{ what: "the filter of the LAN's bridge", machine: "home", hop: "filter" },
    ...{ plant: "nft delete table bridge pulumi-nspawn-lan0", undo: again("lan0") },
    seen: /is not (loaded|what its file says)/,
  },
  {
    ...{ what: "the address that the LAN gave", machine: "home", hop: "guest address" },
    ...{ plant: "@ip -4 addr flush dev host0", undo: "%networkctl reconfigure host0; sleep 6" },
    seen: /host0 has/,
  },
  {
    ...{ what: "its way out by the LAN's router", machine: "home", hop: "guest route" },
    ...{ plant: "@ip route del default", undo: "%networkctl reconfigure host0; sleep 6" },
    seen: /unreachable|no way out/,
  },
];

interface Finding {
  name: string;
  ok: boolean | null;
  hops: { hop: string; subject: string; ok: boolean | null; seen: string; advice?: string }[];
}

describeInLab("the doctor", () => {
  const lab = new Lab("doctor-test");
  const stack = lab.stack("main");
  const own = new Map<string, { ipv4?: string; ipv6?: string; subnets?: string[] }>();
  let [gateway, peer] = ["", ""];

  const examined = async (machine: string): Promise<Finding> => {
    const words = ["doctor", machine, "--lab", lab.name, "--stack", stack.name, "--json"];
    const { stdout } = await run([process.execPath, "bin/cli/main.js", ...words]);
    return (JSON.parse(stdout) as { machines: Finding[] }).machines[0]!;
  };
  const failed = ({ hops }: Finding) => hops.filter(({ ok }) => ok === false);
  /** Carries out a script of the table. */
  const does = async (machine: MachineName, text: string) => {
    const { ipv4, ipv6, subnets } = own.get(machine) ?? {};
    const values = { $4: ipv4, $6: ipv6, $G: gateway, $P: peer, $S: subnets?.[0] };
    let script = text.replace(/^[@%]/, "");
    for (const [name, value] of Object.entries(values)) script = script.replaceAll(name, value ?? "");
    const host = spec.machines?.[machine]?.host ?? "";
    if (text.startsWith("%"))
      return lab.out(host, "systemd-run", "-qM", machine, "--pipe", "--wait", "sh", "-c", script);
    if (!text.startsWith("@")) return lab.sh(host, script);
    const leader = (await lab.out(host, "machinectl", "show", machine, "-p", "Leader", "--value")).trim();
    return lab.out(host, "nsenter", "-t", leader, "-n", "sh", "-c", script);
  };

  /** A host of the lab's plain LAN, which Hetzner does not know. */
  const hostOnLan = async (): Promise<HostSpec> => {
    const public_net = { enable_ipv4: false, enable_ipv6: false };
    const { hostKey } = await apiServer(lab, "lan", { image: `${debian.image}-lan`, public_net });
    const shown = "ip -4 -o addr show dev eth0 scope global | awk '{ print $4 }'";
    const address =
      (await lab.sh("lan", `until ${shown} | grep -q .; do sleep 0.5; done; ${shown}`)).split("/")[0] ?? "";
    return { ssh: { host: address, hostKey } };
  };

  beforeAll(async () => {
    await lab.down();
    await lab.up();
    await stack.init();
    // The program's key comes first: the API takes each key once.
    await stack.up({ hosts: spec.hosts, bridges: {} });
    await stack.up({ ...spec, hosts: { ...spec.hosts, lan: await hostOnLan() } });
    const { hosts, machines } = await stack.outputs();
    for (const [name, found] of Object.entries(machines)) own.set(name, found);
    peer = hosts.two?.ipv4 ?? "";
    gateway = (await lab.sh("one", "ip -4 -o addr show dev nat0 | awk '{ print $4 }'")).trim();
  }, 30 * minutes);
  afterAll(() => lab.down(), 3 * minutes);

  test.each(Object.keys(spec.machines ?? {}))(
    "finds nothing on the way to %s",
    async (machine) => {
      const found = await examined(machine);
      expect([failed(found), found.ok]).toEqual([[], true]);
    },
    2 * minutes,
  );

  test.each(planted)(
    "names the hop $hop of $machine when $what is gone or stands against it, and nothing else",
    async ({ machine, plant, undo, hop, seen }) => {
      await does(machine, plant);
      try {
        const broken = failed(await examined(machine));
        expect(broken.map((one) => one.hop).filter((one) => one !== hop)).toEqual([]);
        expect(broken[0]).toMatchObject({ hop, seen: expect.stringMatching(seen) });
        expect(broken[0]?.advice ?? "").toMatch(/\w{3}/);
      } finally {
        await does(machine, undo);
      }
      // What was put back by hand is in order again, so that the next one is judged by itself.
      for (let tries = 0; tries < 5 && failed(await examined(machine)).length > 0; tries += 1) await sleep(2000);
      expect(failed(await examined(machine))).toEqual([]);
    },
    3 * minutes,
  );
});
