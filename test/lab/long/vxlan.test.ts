import { describeInLab } from "../available";
import { Lab } from "../../support/harness";
import { captured, pingsWithin } from "../reach";
import { Reader } from "../readers";
import type { Spec } from "../../support/spec";

const minutes = 60_000;
const segment = { network: "10.9.0.0/24" };

const spec: Spec = {
  hosts: { one: { server: {}, packages: ["tcpdump"] }, two: { server: {}, packages: ["tcpdump"] } },
  bridges: {
    "back-1": { host: "one", bridge: "back", mode: "isolated", ipv4: segment, vxlan: { id: 5001, peers: ["two"] } },
    "back-2": { host: "two", bridge: "back", mode: "isolated", ipv4: segment, vxlan: { id: 5001, peers: ["one"] } },
    br0: { host: "one" },
    nat0: { host: "one", bridge: "nat0", mode: "nat" },
  },
  machines: {
    db: { host: "one", bridge: "back-1", addresses: [{ ipv6For: "db" }, { literal: "10.9.0.7" }] },
    near: { host: "one", bridge: "back-1", addresses: [{ ipv6For: "near" }, { literal: "10.9.0.8" }] },
    web: { host: "two", bridge: "back-2", addresses: [{ ipv6For: "web" }, { literal: "10.9.0.9" }] },
    outer: { host: "one", bridge: "br0", addresses: [{ ipv6For: "outer" }], also: [{ bridge: "nat0" }] },
  },
};

/** A frame in VXLAN as a program sends it: a broadcast ping, ARP or what else, with a chosen source. */
const sender = (to: string, id: number, frame: string) => `python3 - <<"EOF"
import socket, struct
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
frame = bytes.fromhex("${frame}")
for _ in range(3): s.sendto(struct.pack("!II", 0x08000000, ${id} << 8) + frame, ("${to}", 4789))
EOF`;

/** ARP that says that an IPv4 address is at a MAC address, as a broadcast. */
const claimOf = (mac: string, address: string): string => {
  const [at, is] = [mac.replaceAll(":", ""), Buffer.from(address.split(".").map(Number)).toString("hex")];
  return `ffffffffffff${at}08060001080006040001${at}${is}000000000000${is}`;
};

describeInLab("one network on two hosts", () => {
  const lab = new Lab("e2e-vxlan");
  const reader = new Reader(lab);
  const stack = lab.stack("vxlan");
  const own = { one: "", two: "", db: "", near: "", web: "", outer: "" };

  const inside = (host: string, machine: string, text: string) =>
    lab.sh(host, `exec nsenter -t $(machinectl show ${machine} -p Leader --value) -n sh -c '${text}'`);
  const noDrift = async () => {
    const { output, code } = await stack.drift();
    expect(code === 0 ? "" : output).toBe("");
  };
  /** Whether a machine sees a frame meanwhile. */
  const sees = async (host: string, machine: string, what: string, during: () => Promise<unknown>) => {
    const watch = inside(host, machine, `timeout 6 tcpdump -n -e -l -i host0 ${what} 2>/dev/null || true`);
    await new Promise((resolve) => setTimeout(resolve, 2500));
    await during();
    return (await watch).trim();
  };
  /** Both ways, in both families, from the machines' own addresses, and with packets that fill the network's size. */
  const reach = async (seconds = 20) => {
    for (const [host, machine, address] of [
      ["one", "db", own.web],
      ["one", "near", "10.9.0.9"],
      ["two", "web", own.db],
      ["two", "web", "10.9.0.7"],
      ["one", "db", own.near],
    ] as const) {
      const text = `for i in $(seq ${seconds}); do ping -n -c1 -W1 ${address} && exit 0; sleep 1; done; exit 1`;
      expect([machine, address, await inside(host, machine, text)]).toEqual([machine, address, expect.stringContaining("1 received")]);
    }
    const big = (family: number, address: string) =>
      inside("one", "db", `ping -n -c1 -W2 -M do -s ${1450 - (family === 4 ? 28 : 48)} ${address}`);
    expect(await big(4, "10.9.0.9")).toContain("1 received");
    expect(await big(6, own.web)).toContain("1 received");
    await expect(inside("one", "db", "ping -n -c1 -W2 -M do -s 1423 10.9.0.9")).rejects.toThrow();
  }; // prettier-ignore

  beforeAll(async () => {
    await lab.down();
    await lab.up();
    await stack.init();
    stack.declare(spec);
    expect((await stack.pulumi("preview")).output).toMatch(/VXLAN 5001 .*plain text/);
    await stack.up(spec);
    const { hosts, machines } = await stack.outputs();
    for (const name of ["one", "two"] as const) own[name] = hosts[name]?.ipv4 ?? "";
    for (const name of ["db", "near", "web", "outer"] as const) own[name] = machines[name]?.ipv6 ?? "";
  }, 40 * minutes);
  afterAll(() => lab.down(), 2 * minutes);

  test(
    "has machines that answer each other from their own addresses, and packets that fill it",
    async () => {
      expect(own.web.slice(0, 19)).toBe(own.db.slice(0, 19));
      await reach();
      const way = (address: string) => ({
        ...{ address, outcome: "reached", sourceSeenByPeer: address, natted: false },
        hops: ["vx-5001", "back", "vb-db", "host0"],
      });
      expect((await stack.outputs()).reachability.db).toMatchObject([way("10.9.0.7"), way(own.db)]);
      const seen = await sees("two", "web", "icmp6", () => inside("one", "db", `ping -n -c2 -W1 ${own.web}`));
      expect(seen).toContain(`${own.db} > ${own.web}: ICMP6, echo request`);
      const outside = await captured(lab, "router", "udp port 4789", () => inside("one", "db", `ping -n -c1 ${own.web}`));
      expect(outside).toContain(`${own.one}.`);
      expect(outside).toMatch(new RegExp(`> ${own.two.replaceAll(".", "\\.")}\\.4789: VXLAN, flags \\[I\\] \\(0x08\\), vni 5001`));
    },
    5 * minutes,
  ); // prettier-ignore

  test(
    "takes frames of its peers alone, whichever way they come",
    async () => {
      const frame = claimOf("02:00:00:00:00:99", "10.9.0.99");
      const from = (place: string) => () => lab.sh(place, sender(own.two, 5001, frame));
      expect(await sees("two", "web", "arp host 10.9.0.99", from("client"))).toBe("");
      // The same, without what drops it, and from a peer.
      await lab.sh("two", "nft flush chain inet pulumi-nspawn-back sender");
      expect(await sees("two", "web", "arp host 10.9.0.99", from("client"))).toContain("10.9.0.99");
      expect((await stack.drift()).output).toMatch(/filter/);
      await stack.up(spec, "--refresh");
      expect(await sees("two", "web", "arp host 10.9.0.99", from("client"))).toBe("");
      expect(await sees("two", "web", "arp host 10.9.0.99", from("one"))).toContain("10.9.0.99");
    },
    8 * minutes,
  );

  test(
    "takes nothing of a machine, neither from its own address nor from its host's, which is a peer",
    async () => {
      const frame = claimOf("02:00:00:00:00:98", "10.9.0.98");
      const leader = "$(machinectl show outer -p Leader --value)";
      const send = () => lab.sh("one", `nsenter -t ${leader} -n ${sender(own.two, 5001, frame)}`);
      expect(await sees("two", "web", "arp host 10.9.0.98", send)).toBe("");
      await lab.sh("one", "nft flush chain inet pulumi-nspawn-back onward");
      expect(await sees("two", "web", "arp host 10.9.0.98", send)).toContain("10.9.0.98");
      await stack.up(spec, "--refresh");
      expect(await sees("two", "web", "arp host 10.9.0.98", send)).toBe("");
    },
    6 * minutes,
  );

  test(
    "lets nobody be a machine of another host",
    async () => {
      const mac = /ether (\S+)/.exec(await inside("two", "web", "ip -o link show dev host0"))?.[1] ?? "";
      const from = (frame: string) => () => lab.sh("one", sender(own.two, 5001, frame));
      const stranger = "02:00:00:00:00:97";
      const asNear = claimOf(stranger, "10.9.0.97");
      expect(await sees("two", "web", `arp and ether src ${stranger}`, from(asNear))).toContain("10.9.0.97");
      expect(await sees("two", "web", `arp and ether src ${stranger}`, from(claimOf(stranger, "10.9.0.9")))).toBe("");
      expect(await sees("two", "web", "arp host 10.9.0.96", from(claimOf(mac, "10.9.0.96")))).toBe("");
      // A router, and the same frame as a ping.
      const addresses = "fe800000000000000000000000000097ff020000000000000000000000000001";
      const icmp = (type: string) => `333300000001${stranger.replaceAll(":", "")}86dd6000000000103aff${addresses}${type}00ffff400007080000000000000000`;
      expect(await sees("two", "web", `icmp6 and ether src ${stranger}`, from(icmp("80")))).toContain("fe80::97");
      expect(await sees("two", "web", `icmp6 and ether src ${stranger}`, from(icmp("86")))).toBe("");
    },
    5 * minutes,
  ); // prettier-ignore

  test(
    "is in order for doctor and refresh",
    async () => {
      const { stdout, output, code } = await reader.types("npx pulumi-nspawn doctor --json");
      expect([code, code === 0 ? "" : output]).toEqual([0, ""]);
      const { machines } = JSON.parse(stdout) as { machines: { name: string; hops: { hop: string; seen: string }[] }[] };
      const hops = machines.find(({ name }) => name === "web")?.hops.filter(({ hop }) => /tunnel|underlay/.test(hop));
      expect(hops?.map(({ seen }) => seen)).toEqual([`is up, a port of back, and leads to ${own.one}`, "answers a ping"]);
      await noDrift();
    },
    4 * minutes,
  ); // prettier-ignore

  test.each([
    ["the tunnel", "ip link del vx-5001", /vx-5001/],
    ["a peer", "bridge fdb del 00:00:00:00:00:00 dev vx-5001 dst $(bridge fdb show dev vx-5001 | sed -n 's/^00:00:00:00:00:00 dst \\([^ ]*\\).*/\\1/p')", /by vx-5001/],
    ["the tunnel's port", "bridge link set dev vx-5001 isolated off learning on", /not isolated/],
    ["where it sends from", "ip link del vx-5001; ip link add vx-5001 type vxlan id 5001 dstport 4790; ip link set vx-5001 master back up", /port 4790/],
    ["an address in the filter", "nft flush set bridge pulumi-nspawn-back local4", /filter/],
  ])(
    "finds and mends %s that was changed by hand",
    async (_, broken, line) => {
      await lab.sh("one", broken);
      const { output, code } = await stack.drift();
      expect(code).not.toBe(0);
      expect(output).toMatch(line);
      await stack.up(spec, "--refresh");
      await reach();
      await noDrift();
    },
    6 * minutes,
  ); // prettier-ignore

  test(
    "is there again after networkd's restart, after nftables' reload, and after a host's reboot",
    async () => {
      await lab.sh("one", "systemctl restart systemd-networkd");
      await reach();
      await lab.sh("two", "systemctl restart nftables || true");
      await reach();
      await lab.exec("one", ["systemctl", "reboot"]);
      await new Promise((resolve) => setTimeout(resolve, 5000));
      expect(await pingsWithin(lab, own.outer, 90)).toBeGreaterThanOrEqual(0);
      await new Promise((resolve) => setTimeout(resolve, 8000));
      await reach(40);
      await noDrift();
    },
    8 * minutes,
  );

  test(
    "refuses on the host what only that knows, before anything is changed",
    async () => {
      const { "back-1": one, "back-2": two, ...bridges } = spec.bridges;
      const of = (back: typeof one, more: object) => ({ ...back!, ...more });
      const wide: Spec = { ...spec, bridges: { ...bridges, "back-1": of(one, { mtu: 1500 }), "back-2": of(two, { mtu: 1500 }) } };
      const vxlan = { id: 5001, underlay: "10.77.0.1", peers: ["10.77.0.2"] };
      const elsewhere: Spec = { ...spec, bridges: { ...spec.bridges, "back-1": of(one, { vxlan, mtu: 1450 }) } };
      const files = () => lab.sh("one", "cat /etc/systemd/network/10-vx-* /etc/pulumi-nspawn/filter/back.nft; ip -o link show vx-5001 | sed 's/.*mtu/mtu/'");
      const before = await files();
      const refused = async (declared: Spec) => {
        stack.declare(declared);
        return (await stack.pulumi("up", "--yes", "--skip-preview")).output;
      };
      expect(await refused(wide)).toMatch(/mtu: 1450/);
      expect(await refused(elsewhere)).toMatch(/10\.77\.0\.1 is no address of this host/);
      expect(await files()).toBe(before);
      await stack.up(spec);
      await reach();
    },
    8 * minutes,
  ); // prettier-ignore

  test(
    "goes where the program has it no more, and takes all of it along",
    async () => {
      const { vxlan: _, ...alone } = spec.bridges["back-1"]!;
      const { web: ___, ...machines } = spec.machines!;
      const { "back-2": __, ...bridges } = spec.bridges;
      await stack.up({ ...spec, bridges: { ...bridges, "back-1": alone }, machines });
      for (const host of ["one", "two"]) {
        expect(await lab.sh(host, "ls /etc/systemd/network /sys/class/net; nft list ruleset")).not.toMatch(/vx-5001|4789|local_mac/);
      }
      expect(await inside("one", "db", "ping -n -c1 -W2 10.9.0.8")).toContain("1 received");
      await noDrift();
    },
    6 * minutes,
  ); // prettier-ignore
});
