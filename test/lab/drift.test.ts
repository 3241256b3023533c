import { describeInLab } from "./available";
import { Lab } from "../support/harness";
import { pingsWithin } from "./reach";
import type { Spec } from "../support/spec";

const minutes = 60_000;

const spec: Spec = {
  hosts: { h1: { server: {} } },
  // What protects a bridge has a drift of its own: isolation.test.ts.
  bridges: { br0: { host: "h1", isolation: "none" } },
  ips: { "web-ipv4": { type: "ipv4", host: "h1" }, "web-ipv6": { type: "ipv6", host: "h1" } },
  machines: {
    web: { host: "h1", bridge: "br0", addresses: [{ ip: "web-ipv4" }, { ip: "web-ipv6", name: "web" }] },
    db: { host: "h1", bridge: "br0", addresses: [{ ipv6For: "db" }] },
  },
};

const tree = "/var/lib/machines/web";
const guestNetwork = `${tree}/etc/systemd/network/80-container-host0.network`;
const lists = "/etc/pulumi-nspawn/proxies.d";

/** One change by hand, and what the preview has to say of it; `V4`, `V6` and `DB` are the machines' addresses. */
type Edit = [layer: "disk" | "boot" | "live", command: string, line: string];

const edits: Edit[] = [
  ["disk", "printf '# by hand\\n' >>/etc/systemd/nspawn/web.nspawn", "- # by hand"],
  ["disk", "rm /etc/sysctl.d/60-pulumi-nspawn.conf", "+ /etc/sysctl.d/60-pulumi-nspawn.conf"],
  ["disk", `rm ${lists}/floating-web-ipv4.conf`, `+ ${lists}/floating-web-ipv4.conf`],
  ["disk", "rm /etc/systemd/network/10-br0.network.d/web.conf", "+ /etc/systemd/network/10-br0.network.d/web.conf"],
  ["disk", `echo other >${tree}/etc/hostname`, "- other"],
  ["disk", `rm ${tree}/root/.ssh/authorized_keys`, `+ ${tree}/root/.ssh/authorized_keys`],
  ["disk", `ln -sf /dev/null ${guestNetwork}`, "- (a link to /dev/null)"],
  ["boot", "chmod 0600 /etc/pulumi-nspawn/uplink", "/etc/pulumi-nspawn/uplink is 0600 0:0, not 0755 0:0"],
  ["boot", "chown 1:1 /etc/systemd/network/10-br0.netdev", "10-br0.netdev is 0644 1:1, not 0644 0:0"],
  ["boot", "systemctl disable machines.target", 'machines.target: "disabled" => "enabled"'],
  ["boot", "systemctl mask systemd-nspawn@db", 'systemd-nspawn@db.service: "masked" => "enabled"'],
  ["boot", "ln -sfn /run/other /etc/resolv.conf", '/etc/resolv.conf: "/run/other" => "/run/systemd/resolve/stub-'],
  ["live", "echo 0 >/proc/sys/net/ipv4/ip_forward", 'net.ipv4.ip_forward: "0" => "1"'],
  ["live", "echo 1 >/proc/sys/net/ipv4/conf/all/proxy_arp", "net.ipv4.conf.all.proxy_arp = 1"],
  ["live", "echo 1 >/proc/sys/net/ipv4/conf/eth0/proxy_arp", "net.ipv4.conf.eth0.proxy_arp = 1"],
  ["live", "systemctl stop pulumi-nspawn-uplink.path", 'pulumi-nspawn-uplink.path: "inactive" => "active"'],
  ["live", "ip -6 neigh del proxy V6 dev eth0", '"V6 on the uplink"'],
  ["live", "ip addr add V4/32 dev eth0", '"V4 on eth0"'],
  // No FloatingIp looks after this one.
  ["live", "ip addr add DB/128 dev eth0 nodad", '"DB on eth0"'],
  ["live", "ip rule add from V4 blackhole pref 50", '"rule from V4 blackhole"'],
  ["live", "ip -6 route add blackhole V6 metric 5", '"blackhole V6"'],
  ["live", "ip -6 route del DB dev br0", '"DB/128 dev br0"'],
  ["live", "ip addr add 192.0.2.99/32 dev br0", '"192.0.2.99/32"'],
  ["live", "ip link add stray0 type veth peer name stray1; ip link set stray0 master br0", '"port stray0"'],
  ["live", "ip route add 203.0.113.97 dev br0", '"route 203.0.113.97 dev br0"'],
  ["live", "ip neigh add proxy 203.0.113.96 dev br0", '"answer for 203.0.113.96 dev br0"'],
  ["live", "ip link set vb-web nomaster", '"vb-web without master" => "vb-web master br0"'],
  ["live", "systemctl stop systemd-nspawn@db", 'ready: "stopped" => "running"'],
];

/** What is on a host beside ours and in nobody's way. */
const harmless = String.raw`
put() { mkdir -p "$(dirname "$1")"; printf "$2" >"$1"; }
put /etc/sysctl.d/99-others.conf 'net.ipv4.ip_forward = 1\nkernel.printk = 3\n'
put /etc/systemd/network/20-others.network '[Match]\nName=wg*\n'
put /etc/systemd/system/systemd-nspawn@web.service.d/90-limits.conf '[Service]\nTasksMax=4096\n'
put /etc/network/interfaces.d/70-others 'iface nothing inet manual\n'
put /etc/systemd/network/10-br0.network.d/others.conf '[Route]\nDestination=203.0.113.90/32\nScope=link\n'
ip addr add 10.9.9.9/32 dev eth0
ip neigh add proxy 10.9.9.8 dev eth0
ip route add 10.9.9.0/24 dev eth0
ip rule add from 10.9.9.9 lookup main pref 77`;

const foreign = `sha256sum /etc/sysctl.d/99-others.conf /etc/systemd/network/20-others.network /etc/network/interfaces.d/70-others \
  /etc/systemd/system/systemd-nspawn@web.service.d/90-limits.conf /etc/systemd/network/10-br0.network.d/others.conf
ip -o addr show to 10.9.9.9 | sed 's/valid_lft.*//'; ip neigh show proxy | grep 10.9.9.8; ip route show to exact 10.9.9.0/24; ip rule show pref 77`;

/** Files that win over ours: what they are called, what they say, and what the preview has to say. */
const overriding: [path: string, text: string, line: string][] = [
  ["/etc/sysctl.d/99-x.conf", "net.ipv4.ip_forward=0", "sets net.ipv4.ip_forward = 0"],
  ["/etc/systemd/network/10-br0.network.d/x.conf", "[Network]\\nIPForward=no", "sets Network IPForward"],
  ["/etc/systemd/network/05-x.network", "[Match]\\nName=br*", "is read for br0 instead of ours"],
  ["/etc/systemd/system/systemd-nspawn@db.service.d/x.conf", "[Service]\\nExecStartPre=/bin/true", "sets ExecStartPre"],
  [
    "/run/systemd/system/systemd-nspawn@web.service.d/x.conf",
    "[Unit]\\nConditionPathExists=/",
    "sets ConditionPathExists",
  ],
  ["/etc/network/interfaces.d/60-x", "iface eth0:1 inet static\\n  address V4", "gives V4 to the host"],
];

describeInLab("three layers of drift", () => {
  const lab = new Lab("drift-test");
  const stack = lab.stack("main");
  let addresses: Record<string, string> = {};

  const filled = (text: string): string => text.replace(/\b(V4|V6|DB)\b/g, (word) => addresses[word] ?? word);
  const answer = async (): Promise<void> => {
    for (const address of Object.values(addresses))
      expect([address, (await pingsWithin(lab, address, 20)) >= 0]).toEqual([address, true]);
  };

  beforeAll(async () => {
    await lab.down();
    await lab.up();
    await stack.init();
    await stack.up(spec);
    const { web, db } = (await stack.outputs()).machines;
    addresses = { V4: web?.ipv4 ?? "", V6: web?.ipv6 ?? "", DB: db?.ipv6 ?? "" };
    await lab.sh("h1", harmless);
  }, 25 * minutes);
  afterAll(() => lab.down(), 2 * minutes);

  test(
    "does not take what is in nobody's way for drift",
    async () => {
      await lab.sh("h1", "networkctl reload; systemctl daemon-reload");
      const { code, output } = await stack.drift();
      expect(output).not.toContain("error");
      expect(code).toBe(0);
    },
    2 * minutes,
  );

  test(
    `shows each of ${edits.length} edits as a line, repairs all by one up, and touches nothing of others`,
    async () => {
      const before = await lab.sh("h1", foreign);
      for (const [, command] of edits) await lab.sh("h1", filled(command));
      const drift = await stack.drift();
      expect(drift.code).toBe(7);
      // Names of one block are padded to one width.
      const changes = drift.output.split("\n").filter((line) => /^\s*[-+~]\s/.test(line));
      const shown = changes.map((line) => line.replace(/\s+/g, " ").replace(" : ", ": "));
      const missed = edits.filter(([, , line]) => !shown.some((text) => text.includes(filled(line))));
      expect(missed).toEqual([]);
      await stack.up(spec, "--refresh");
      const after = await stack.drift();
      expect(after.output).not.toMatch(/^\s*[-+~]\s+(files|boot|live)/m);
      expect(after.code).toBe(0);
      expect(await lab.sh("h1", foreign)).toBe(before);
      await answer();
    },
    6 * minutes,
  );

  test(
    "tells of files that win over ours, leaves them alone, and is content when they are gone",
    async () => {
      for (const [path, text] of overriding)
        await lab.sh("h1", `mkdir -p "$(dirname '${path}')"; printf '${filled(text)}\\n' >'${path}'`);
      const sums = `sha256sum ${overriding.map(([path]) => path).join(" ")}`;
      const before = await lab.sh("h1", sums);
      const drift = await stack.drift();
      const missed = overriding.filter(([path, , line]) => !drift.output.includes(filled(`${path} ${line}`)));
      expect(missed).toEqual([]);
      stack.declare(spec);
      const up = await stack.pulumi("up", "--yes", "--skip-preview", "--refresh", "--continue-on-error");
      expect(up.code).not.toBe(0);
      expect(up.output).toContain("NSPAWN_OVERRIDDEN");
      expect(up.output).toContain("/etc/sysctl.d/99-x.conf sets net.ipv4.ip_forward = 0");
      expect(await lab.sh("h1", sums)).toBe(before);
      await lab.sh("h1", `rm ${overriding.map(([path]) => path).join(" ")}`);
      await stack.up(spec, "--refresh");
      expect((await stack.drift()).code).toBe(0);
      await answer();
    },
    6 * minutes,
  );
});
