import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { endsOf, meshAddress } from "../../../provider/model/mesh";
import { Lab } from "../../support/harness";
import type { Spec } from "../../support/spec";
import { describeInLab } from "../available";
import { captured } from "../reach";
import { Reader } from "../readers";
import { standIn } from "../wireguard-stand-in";

const minutes = 60_000;
const segment = { network: "10.9.0.0/24" };
const host = { server: {}, packages: ["tcpdump"], wireguard: true };
const bridge = { bridge: "back", mode: "isolated", ipv4: segment } as const;
const tunnel = (...peers: string[]) => ({ id: 5001, peers, encrypt: "wireguard" as const });

/** Without a program that could take the kernel's place. */
const bare: Spec = { hosts: { one: host, two: host }, bridges: {} };
const packages = ["tcpdump", "wireguard-go"];
const spec: Spec = {
  hosts: { one: { ...host, packages }, two: { ...host, packages } },
  bridges: {
    "back-1": { ...bridge, host: "one", vxlan: tunnel("two") },
    "back-2": { ...bridge, host: "two", vxlan: tunnel("one") },
  },
  machines: {
    db: { host: "one", bridge: "back-1", addresses: [{ ipv6For: "db" }, { literal: "10.9.0.7" }] },
    web: { host: "two", bridge: "back-2", addresses: [{ ipv6For: "web" }, { literal: "10.9.0.9" }] },
  },
};
const { machines: _, ...withoutMachines } = spec;

/** Sixteen bytes that stand in the payload of a ping, and how tcpdump -x prints eight of them. */
const pattern = "cafe2bad5eedbeefcafe2bad5eedbeef";
const printed = /cafe 2bad 5eed beef|fe2b ad5e edbe efca/;

/** A frame in VXLAN as any program sends it: ARP that says that somebody is at 10.9.0.99. */
const forged = (to: string) => `python3 - <<"EOF"
import socket, struct
frame = bytes.fromhex("ffffffffffff02000000009908060001080006040001020000000099${"0a090063"}000000000000${"0a090063"}")
s = socket.socket(socket.AF_INET6 if ":" in "${to}" else socket.AF_INET, socket.SOCK_DGRAM)
for _ in range(3): s.sendto(struct.pack("!II", 0x08000000, 5001 << 8) + frame, ("${to}", 4789))
EOF`;

describeInLab("a network of two hosts with WireGuard between them", () => {
  const lab = new Lab("e2e-mesh-wg");
  const reader = new Reader(lab);
  const stack = lab.stack("mesh");
  const own = { one: "", two: "", two6: "", db: "", web: "" };
  const keys: string[] = [];

  const inside = (on: string, machine: string, text: string) =>
    lab.sh(on, `exec nsenter -t $(machinectl show ${machine} -p Leader --value) -n sh -c '${text}'`);
  const noDrift = async () => {
    const { output, code } = await stack.drift();
    expect(code === 0 ? "" : output).toBe("");
  };
  const refused = async (declared: Spec) => {
    stack.declare(declared);
    const { code, output } = await stack.pulumi("up", "--yes", "--skip-preview");
    expect([code, code === 0 ? output : ""]).toEqual([expect.not.stringMatching(/^0$/), ""]);
    return output;
  };
  const nothingOfIt = async () => {
    for (const on of ["one", "two"])
      expect(
        await lab.sh(on, "ls /etc/systemd/network /sys/class/net; nft list ruleset 2>/dev/null || true"),
      ).not.toMatch(/wg-5001|vx-5001|51820|10-back/);
  };
  /** Whether a machine sees a frame meanwhile. */
  const sees = async (on: string, machine: string, what: string, during: () => Promise<unknown>) => {
    const watch = inside(on, machine, `timeout 6 tcpdump -n -e -l -i host0 ${what} 2>/dev/null || true`);
    await new Promise((resolve) => setTimeout(resolve, 2500));
    await during();
    return (await watch).trim();
  };
  const reach = async (seconds = 20) => {
    for (const [on, machine, address] of [
      ["one", "db", own.web],
      ["two", "web", own.db],
      ["one", "db", "10.9.0.9"],
      ["two", "web", "10.9.0.7"],
    ] as const) {
      const text = `for i in $(seq ${seconds}); do ping -n -c1 -W1 ${address} && exit 0; sleep 1; done; exit 1`;
      expect([machine, address, await inside(on, machine, text)]).toEqual([machine, address, expect.stringContaining("1 received")]);
    }
    const big = (family: number, address: string) =>
      inside("one", "db", `ping -n -c1 -W2 -M do -s ${1370 - (family === 4 ? 28 : 48)} ${address}`);
    expect(await big(4, "10.9.0.9")).toContain("1 received");
    expect(await big(6, own.web)).toContain("1 received");
    await expect(inside("one", "db", "ping -n -c1 -W2 -M do -s 1343 10.9.0.9")).rejects.toThrow();
  }; // prettier-ignore

  beforeAll(async () => {
    await lab.down();
    await lab.up();
    await stack.init();
    await stack.up(bare);
    const { hosts } = await stack.outputs();
    for (const name of ["one", "two"] as const) own[name] = hosts[name]?.ipv4 ?? "";
    own.two6 = (hosts.two?.ipv6Network ?? "").replace(/::\/64$/, "::1");
  }, 40 * minutes);
  afterAll(() => lab.down(), 2 * minutes);

  test(
    "each host has made a key, which it and networkd alone can read",
    async () => {
      for (const on of ["one", "two"]) {
        expect(await lab.sh(on, "stat -c '%a %U:%G' /etc/pulumi-nspawn/wireguard.key")).toBe(
          "640 root:systemd-network\n",
        );
        keys.push((await lab.sh(on, "cat /etc/pulumi-nspawn/wireguard.key")).trim());
      }
      expect(new Set(keys).size).toBe(2);
      await noDrift();
    },
    4 * minutes,
  );

  test("a kernel without WireGuard is named before anything is changed, and what networkd cannot make is put back", async () => {
    if ((await lab.exec("one", ["unshare", "--net", "ip", "link", "add", "wg0", "type", "wireguard"])).code === 0) return;
    const { one, two } = bare.hosts;
    expect(await refused({ ...withoutMachines, hosts: { one: one!, two: two! } })).toMatch(/the host's kernel, \S+, has no WireGuard \(module wireguard\), .* \[NSPAWN_KERNEL_FEATURE\]/);
    await nothingOfIt();
    expect(await refused(withoutMachines)).toMatch(/NSPAWN_KERNEL_FEATURE/);
    await nothingOfIt();
    expect(await lab.sh("one", "ls /var/lib/pulumi-nspawn/transactions")).toBe("");
  }, 8 * minutes); // prettier-ignore

  test(
    "machines of both hosts answer each other from their own addresses, with packets that fill the network",
    async () => {
      for (const on of ["one", "two"]) await standIn(lab, on, 5001);
      stack.declare(spec);
      expect((await stack.pulumi("preview")).output).not.toMatch(/plain text/);
      await stack.up(spec);
      const { machines } = await stack.outputs();
      for (const name of ["db", "web"] as const) own[name] = machines[name]?.ipv6 ?? "";
      await reach();
      const way = (address: string) => ({
        ...{ address, outcome: "reached", sourceSeenByPeer: address, natted: false },
        hops: ["vx-5001", "back", "vb-db", "host0"],
      });
      expect((await stack.outputs()).reachability.db).toMatchObject([way("10.9.0.7"), way(own.db)]);
      await noDrift();
    },
    20 * minutes,
  );

  test("between the hosts nothing of it can be read: neither what machines say, nor that they do", async () => {
    const say = () => Promise.all([inside("one", "db", `ping -n -c3 -i 0.3 -p ${pattern} 10.9.0.9`), inside("one", "db", `ping -n -c3 -i 0.3 -p ${pattern} ${own.web}`)]);
    const filter = `host ${own.one} and host ${own.two} and not tcp`;
    const outside = await captured(lab, "router", filter, say);
    const lines = outside.split("\n").filter((line) => line.includes(" > "));
    expect(lines.length).toBeGreaterThan(6);
    expect(lines.filter((line) => !line.includes(`${own.one}.51820 > ${own.two}.51820`) && !line.includes(`${own.two}.51820 > ${own.one}.51820`))).toEqual([]);
    expect((await captured(lab, "router", "udp port 4789 or net 10.9.0.0/24", say)).trim()).toBe("");
    const bytes = async (place: string, link: string, what: string) => {
      const watch = lab.sh(place, `timeout 6 tcpdump -n -x -l -i ${link} ${what} 2>/dev/null || true`);
      await new Promise((resolve) => setTimeout(resolve, 1500));
      await say();
      return watch;
    };
    expect(await bytes("router", "any", `'${filter}'`)).not.toMatch(printed);
    // The same look where it is plain: inside.
    expect(await bytes("one", "wg-5001", "udp port 4789")).toMatch(printed);
  }, 4 * minutes); // prettier-ignore

  test(
    "while WireGuard is down nothing leaves by another route; without the filter it would, and plain",
    async () => {
      const gone = "ip link set wg-5001 down";
      await lab.sh("one", gone);
      const say = () => inside("one", "db", "ping -n -c3 -i 0.3 -W1 10.9.0.9 || true");
      expect((await captured(lab, "router", "udp port 4789", say)).trim()).toBe("");
      await lab.sh("one", "nft flush chain inet pulumi-nspawn-back outward");
      expect(await captured(lab, "router", "udp port 4789", say)).toMatch(/4789: VXLAN/);
      await stack.up(spec, "--refresh");
      expect((await captured(lab, "router", "udp port 4789", say)).trim()).toBe("");
      await reach(40);
    },
    8 * minutes,
  );

  test("a frame that comes plain is nobody's, also of a peer; without the filter it would be the machine's", async () => {
    const claim = "arp host 10.9.0.99";
    const from = (place: string, to: string) => () => lab.sh(place, forged(to));
    const two = own.two6;
    expect(await sees("two", "web", claim, from("one", two))).toBe("");
    expect(await sees("two", "web", claim, from("client", two))).toBe("");
    expect(await sees("two", "web", claim, from("client", own.two))).toBe("");
    await lab.sh("two", "nft flush chain inet pulumi-nspawn-back underlay");
    expect(await sees("two", "web", claim, from("client", two))).toContain("10.9.0.99");
    expect((await stack.drift()).output).toMatch(/filter/);
    await stack.up(spec, "--refresh");
    expect(await sees("two", "web", claim, from("client", two))).toBe("");
    // By WireGuard it is a peer's: what it has to be for frames of machines.
    const { peers } = endsOf({ id: 5001, local: "", peers: [""], wireguard: { key: "", peers: [await publicKey("two")] } });
    expect(await sees("two", "web", claim, from("one", peers[0]!))).toContain("10.9.0.99");
  }, 10 * minutes); // prettier-ignore

  const publicKey = async (on: string) => (await lab.sh(on, "wg pubkey </etc/pulumi-nspawn/wireguard.key")).trim();

  test(
    "who has a peer's address and not its key is no peer, and a peer reaches nothing else of a host",
    async () => {
      await lab.sh("one", "umask 077; wg genkey >/run/other.key; wg set wg-5001 private-key /run/other.key");
      await expect(inside("one", "db", "ping -n -c3 -W2 10.9.0.9")).rejects.toThrow();
      expect((await stack.drift()).output).toMatch(/wg-5001 wireguard .* key/);
      await stack.up(spec, "--refresh");
      await lab.sh("one", "rm /run/other.key");
      await reach(40);
      const two = meshAddress(5001, await publicKey("two"));
      expect((await lab.exec("one", ["nc", "-z", "-w", "3", two, "22"])).code).not.toBe(0);
      expect((await lab.exec("one", ["ping", "-n", "-c1", "-W2", two])).code).not.toBe(0);
    },
    8 * minutes,
  );

  test("doctor and refresh find all in order", async () => {
    const { stdout, output, code } = await reader.types("npx pulumi-nspawn doctor --json");
    expect([code, code === 0 ? "" : output]).toEqual([0, ""]);
    const { machines } = JSON.parse(stdout) as { machines: { name: string; hops: { hop: string; seen: string }[] }[] };
    const hops = machines.find(({ name }) => name === "web")?.hops.filter(({ hop }) => /tunnel|wireguard|underlay/.test(hop));
    expect(hops?.map(({ seen }) => seen)).toEqual([
      `is up, a port of back, and leads to ${meshAddress(5001, await publicKey("one"))}`,
      "is up on UDP port 51820, and knows all peers",
      `${own.one}:51820 has shown its key`,
      "answers a ping",
    ]);
    await noDrift();
  }, 4 * minutes); // prettier-ignore

  test.each([
    ["the link", "ip link del wg-5001", /wg-5001/],
    ["a peer", "wg set wg-5001 peer $(wg show wg-5001 peers) remove", /key \S+ by wg-5001/],
    ["what a peer may send", "wg set wg-5001 peer $(wg show wg-5001 peers) allowed-ips ::/0", /::\/0 key/],
    ["its port", "wg set wg-5001 listen-port 4500", /port 4500/],
    ["its address", "ip addr flush dev wg-5001", /without-its-address/],
    ["its file", "sed -i '/^Endpoint/d' /etc/systemd/network/10-wg-5001.netdev", /Endpoint/],
    ["who reads the key", "chmod 644 /etc/pulumi-nspawn/wireguard.key", /made, 0644/],
  ])(
    "%s that was changed by hand is found and mended",
    async (__, broken, line) => {
      await lab.sh("one", broken);
      const { output, code } = await stack.drift();
      expect(code).not.toBe(0);
      expect(output).toMatch(line);
      await stack.up(spec, "--refresh");
      await reach(40);
      await noDrift();
    },
    6 * minutes,
  );

  test("it is there again after networkd's restart, after nftables' reload, and after a host's reboot", async () => {
    await lab.sh("one", "networkctl reload; systemctl restart systemd-networkd");
    await reach();
    await lab.sh("two", "systemctl restart nftables || true");
    await reach();
    await lab.exec("one", ["systemctl", "reboot"]);
    await new Promise((resolve) => setTimeout(resolve, 15_000));
    const until = Date.now() + 120_000;
    while ((await lab.exec("one", ["machinectl", "show", "db"])).code !== 0 && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 1000));
    await reach(60);
    await noDrift();
  }, 8 * minutes); // prettier-ignore

  test(
    "a key that is lost is made anew, and the others are told",
    async () => {
      await lab.sh("one", "rm /etc/pulumi-nspawn/wireguard.key");
      await stack.up(spec, "--refresh");
      keys.push((await lab.sh("one", "cat /etc/pulumi-nspawn/wireguard.key")).trim());
      expect(new Set(keys).size).toBe(3);
      await reach(40);
      await noDrift();
    },
    8 * minutes,
  );

  test("a port that is another program's, and frames that do not fit, are refused with nothing changed", async () => {
    const of = (more: object): Spec => {
      const [one, two] = Object.values(spec.bridges);
      return { ...spec, bridges: { "back-1": { ...one!, ...more }, "back-2": { ...two!, ...more } } };
    };
    const files = () => lab.sh("one", "cat /etc/systemd/network/10-?[xg]-* /etc/pulumi-nspawn/filter/back.nft; wg show wg-5001 listen-port");
    const before = await files();
    await lab.sh("one", `systemd-run -q --unit=taken python3 -c 'import socket, time; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(("", 4500)); time.sleep(9999)'; sleep 1`);
    const [{ vxlan: one } = {}, { vxlan: two } = {}] = Object.values(spec.bridges);
    const moved = of({});
    Object.assign(moved.bridges["back-1"]!, { vxlan: { ...one, wireguardPort: 4500 } });
    Object.assign(moved.bridges["back-2"]!, { vxlan: { ...two, wireguardPort: 4500 } });
    expect(await refused(moved)).toMatch(/UDP port 4500 of the host is another program's/);
    await lab.sh("one", "systemctl stop taken");
    expect(await refused(of({ mtu: 1400 }))).toMatch(/VXLAN in WireGuard takes 130: .* mtu: 1370/);
    expect(await files()).toBe(before);
    await stack.up(spec);
    await reach(40);
  }, 8 * minutes); // prettier-ignore

  test("no key of a host is in state, in logs, or in a file of the library's beside its own", async () => {
    const state = JSON.stringify(await stack.export("--show-secrets"));
    const logs = readdirSync(lab.directory, { recursive: true, withFileTypes: true })
      .filter((file) => file.isFile() && /\.(log|json|txt)$/.test(file.name) && !/\/root\//.test(`${file.parentPath}/`))
      .map((file) => readFileSync(join(file.parentPath, file.name), "utf8"));
    const found: string[] = [];
    for (const key of keys) {
      if (state.includes(key)) found.push("state");
      if (logs.some((text) => text.includes(key))) found.push("a file of the lab's");
      for (const on of ["one", "two"]) {
        const { stdout } = await lab.exec(on, ["sh", "-c", 'read -r key; grep -rlF -e "$key" /var/lib/pulumi-nspawn /run/pulumi-nspawn* /var/log /etc 2>/dev/null; journalctl -q -o cat | grep -cF -e "$key"'], `${key}\n`);
        found.push(...stdout.split("\n").filter((line) => !["", "0", "/etc/pulumi-nspawn/wireguard.key"].includes(line)));
      }
    }
    expect(found).toEqual([]);
  }, 4 * minutes); // prettier-ignore

  test("without encryption it goes, with a warning; then all of it, and the key, and its package", async () => {
    const plain = Object.fromEntries(
      Object.entries(spec.bridges).map(([name, { vxlan, ...rest }]) => [name, { ...rest, vxlan: { id: 5001, peers: vxlan!.peers } }]),
    );
    stack.declare({ ...spec, bridges: plain });
    expect((await stack.pulumi("up", "--yes", "--skip-preview")).output).toMatch(/plain text/);
    for (const on of ["one", "two"])
      expect(await lab.sh(on, "ls /etc/systemd/network /sys/class/net; nft list ruleset")).not.toMatch(/wg-5001|51820/);
    expect(await inside("one", "db", "ping -n -c3 -W2 10.9.0.9")).toMatch(/[1-3] received/);
    await noDrift();
    const { one, two } = bare.hosts;
    const without = { ...one!, wireguard: false };
    await stack.up({ hosts: { one: without, two: { ...two!, wireguard: false } }, bridges: {} });
    for (const on of ["one", "two"]) {
      expect(await lab.sh(on, "ls /etc/pulumi-nspawn /etc/systemd/network")).not.toMatch(/wireguard|wg-|vx-/);
      expect((await lab.exec(on, ["dpkg-query", "-W", "-f=${db:Status-Status}", "wireguard-tools"])).stdout).not.toBe("installed");
    }
    await noDrift();
  }, 12 * minutes); // prettier-ignore
});
