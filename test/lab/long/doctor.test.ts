import { setTimeout as sleep } from "node:timers/promises";
import { describeInLab } from "../available";
import { Lab, run } from "../../support/harness";
import type { Spec } from "../../support/spec";

const minutes = 60_000;

/** A machine in each way to be attached. */
const spec: Spec = {
  hosts: { one: { server: {} } },
  bridges: {
    br0: { host: "one" },
    ve0: { host: "one", bridge: "ve0", attach: "veth" },
    nat0: { host: "one", bridge: "nat0", mode: "nat" },
    back: { host: "one", bridge: "back", mode: "isolated", ipv4: { network: "10.99.0.0/24" } },
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
  },
};

type MachineName = "web" | "own" | "inner" | "db";

/**
 * What somebody breaks by hand, and puts back. `$4` and `$6` are the machine's addresses. `@` begins what is done in its network
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
];

interface Finding {
  name: string;
  ok: boolean | null;
  hops: { hop: string; subject: string; ok: boolean | null; seen: string; advice?: string }[];
}

describeInLab("the doctor", () => {
  const lab = new Lab("doctor-test");
  const stack = lab.stack("main");
  const own = new Map<string, { ipv4?: string; ipv6?: string }>();
  let gateway = "";

  const examined = async (machine: string): Promise<Finding> => {
    const words = ["doctor", machine, "--lab", lab.name, "--stack", stack.name, "--json"];
    const { stdout } = await run([process.execPath, "bin/cli/main.js", ...words]);
    return (JSON.parse(stdout) as { machines: Finding[] }).machines[0]!;
  };
  const failed = ({ hops }: Finding) => hops.filter(({ ok }) => ok === false);
  /** Carries out a script of the table. */
  const does = async (machine: MachineName, text: string) => {
    const { ipv4 = "", ipv6 = "" } = own.get(machine) ?? {};
    const script = text.replace(/^[@%]/, "").replaceAll("$4", ipv4).replaceAll("$6", ipv6).replaceAll("$G", gateway);
    if (text.startsWith("%"))
      return lab.out("one", "systemd-run", "-qM", machine, "--pipe", "--wait", "sh", "-c", script);
    if (!text.startsWith("@")) return lab.sh("one", script);
    const leader = (await lab.out("one", "machinectl", "show", machine, "-p", "Leader", "--value")).trim();
    return lab.out("one", "nsenter", "-t", leader, "-n", "sh", "-c", script);
  };

  beforeAll(async () => {
    await lab.down();
    await lab.up();
    await stack.init();
    await stack.up(spec);
    const { machines } = await stack.outputs();
    for (const [name, found] of Object.entries(machines)) own.set(name, found);
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
