import { describeInLab } from "../available";
import { Lab } from "../../support/harness";
import { captured, clientAddress, pingsWithin } from "../reach";
import { Reader } from "../readers";
import type { Spec } from "../../support/spec";

const minutes = 60_000;

const spec: Spec = {
  hosts: { one: { server: {} } },
  bridges: {
    br0: { host: "one" },
    nat0: { host: "one", bridge: "nat0", mode: "nat", dhcpServer: { poolOffset: 25, poolSize: 100 } },
  },
  machines: {
    inner: { host: "one", bridge: "nat0", ports: [{ protocol: "tcp", host: 2222, machine: 22 }] },
    peer: { host: "one", bridge: "nat0", addresses: [{ ipv4For: "peer" }, { ipv6For: "peer" }] },
    web: { host: "one", bridge: "br0", addresses: [{ ipv6For: "web" }] },
  },
};

describeInLab("machines that the host translates", () => {
  const lab = new Lab("e2e-nat");
  const reader = new Reader(lab);
  const stack = lab.stack("nat");
  const own = { host: "", inner: "", peer: "", peer6: "" };

  const inside = (machine: string, text: string) =>
    lab.sh("one", `exec nsenter -t $(machinectl show ${machine} -p Leader --value) -n sh -c '${text}'`);
  const addressesOf = async (machine: string) =>
    (await inside(machine, "ip -4 -o addr show dev host0 scope global"))
      .match(/inet \S+/g)
      ?.map((found) => found.slice(5));
  const noDrift = async () => {
    const { output, code } = await stack.drift();
    expect(code === 0 ? "" : output).toBe("");
  };
  /** What sshd of a machine says first to whoever comes by a port of the host. */
  const banner = () => lab.sh("client", `timeout 5 bash -c 'exec 3<>/dev/tcp/${own.host}/2222; head -n1 <&3'`);
  /** Each has its own address, reaches out by the host's, and is reached by its port. */
  const works = async () => {
    for (const machine of ["inner", "peer"] as const)
      expect([machine, await addressesOf(machine)]).toEqual([machine, [`${own[machine]}/16`]]);
    const seen = await captured(lab, "client", "icmp", () => inside("inner", `ping -n -c1 -W2 ${clientAddress.ipv4}`));
    expect(seen).toContain(`${own.host} > ${clientAddress.ipv4}: ICMP echo request`);
    expect(seen).not.toContain(own.inner);
    expect(await banner()).toMatch(/^SSH-2/);
    expect(await inside("inner", `ping -n -c1 -W2 ${own.peer}`)).toContain("1 received");
    expect(await pingsWithin(lab, own.peer6, 10)).toBeGreaterThanOrEqual(0);
  }; // prettier-ignore

  beforeAll(async () => {
    await lab.down();
    await lab.up();
    await stack.init();
    await stack.up(spec);
    const outputs = await stack.outputs();
    own.host = outputs.hosts.one?.ipv4 ?? "";
    own.inner = outputs.machines.inner?.ipv4 ?? "";
    own.peer = outputs.machines.peer?.ipv4 ?? "";
    own.peer6 = outputs.machines.peer?.ipv6 ?? "";
  }, 30 * minutes);
  afterAll(() => lab.down(), 2 * minutes);

  test(
    "have the addresses that the preview named, reach out by the host's, and are reached by its port and by IPv6",
    async () => {
      expect(own.inner).toMatch(/^10\.\d+\.\d+\.\d+$/);
      await works();
      const { reachability } = await stack.outputs();
      const peer = reachability.inner?.[0]?.peer;
      const way = (machine: string) => ({
        ...{ interface: "host0", outcome: "reached", hops: ["eth0", "nat0", `vb-${machine}`, "host0"] },
      });
      // By the port of the host; as `works` has seen it at the client, the source is the host's.
      expect(reachability.inner).toEqual([
        {
          ...way("inner"),
          family: "ipv4",
          address: own.inner,
          peer,
          sourceSeenByMachine: peer,
          sourceSeenByPeer: own.host,
          natted: true,
        },
      ]);
      expect(reachability.peer).toMatchObject([
        { ...way("peer"), address: own.peer, peer, sourceSeenByMachine: "", sourceSeenByPeer: own.host, natted: true },
        { ...way("peer"), address: own.peer6, sourceSeenByPeer: own.peer6, natted: false },
      ]);
    },
    3 * minutes,
  );

  test(
    "are seen as themselves by each other, and by nobody else past the host's ports",
    async () => {
      const count = `ip saddr ${own.inner} ip daddr ${own.peer} icmp type echo-request`;
      await inside("peer", `nft "add table ip seen; add chain ip seen in { type filter hook input priority 0; }; add rule ip seen in ${count} counter"`);
      await inside("inner", `ping -n -c1 -W2 ${own.peer}`);
      expect(await inside("peer", "nft list table ip seen")).toMatch(/counter packets 1 /);
      await inside("peer", "nft delete table ip seen");
      // A machine that the host routes to, and somebody on the uplink's link who takes the host for the way.
      await expect(inside("web", `ip route replace ${own.inner} dev host0; ping -n -c1 -W2 ${own.inner}`)).rejects.toThrow();
      await lab.sh("router", `ip route replace ${own.inner} via ${own.host} dev $(ip -o route get ${own.host} | sed 's/.* dev \\([^ ]*\\).*/\\1/')`);
      await expect(lab.sh("router", `ping -n -c1 -W2 ${own.inner}`)).rejects.toThrow();
      await lab.sh("router", `ip route del ${own.inner}`);
    },
    2 * minutes,
  ); // prettier-ignore

  test(
    "are in order for doctor and refresh",
    async () => {
      const { output, code } = await reader.types("npx pulumi-nspawn doctor");
      expect([code, code === 0 ? "" : output]).toEqual([0, ""]);
      await noDrift();
    },
    3 * minutes,
  );

  test(
    "keep a port of the host from a machine that is to have it as well, until they let it go",
    async () => {
      const { inner, ...others } = spec.machines ?? {};
      const machines = { ...others, outer: inner! };
      stack.declare({ ...spec, machines });
      const refused = await stack.pulumi("up", "--yes", "--skip-preview");
      expect(refused.output).toMatch(/port 2222\/tcp of the host leads to the machine inner already/);
      expect(refused.code).not.toBe(0);
      await stack.up(spec);
      await works();
    },
    4 * minutes,
  );

  test.each([
    ["the translation", "nft flush chain inet pulumi-nspawn-nat0 translated"],
    ["a neighbour", 'ip neigh del $(ip -4 neigh show dev nat0 nud permanent | head -n1 | cut -d" " -f1) dev nat0'],
  ])(
    "have %s back that was taken away by hand",
    async (_, broken) => {
      await lab.sh("one", broken);
      expect((await stack.drift()).code).not.toBe(0);
      await stack.up(spec, "--refresh");
      await works();
      await noDrift();
    },
    4 * minutes,
  );

  test(
    "have the same addresses when their network gets another place, and when another machine takes an address over",
    async () => {
      const { inner, peer, ...others } = spec.machines ?? {};
      const second = { ...inner!, bridge: "br0", ports: undefined, addresses: [{ ipv6For: "inner" }] };
      const also = [{ bridge: "nat0", ports: inner!.ports, addresses: [{ literal: own.inner }] }];
      const heir = { ...peer!, addresses: [{ literal: own.peer }] };
      await stack.up({ ...spec, machines: { ...others, inner: { ...second, also } } });
      await stack.up({ ...spec, machines: { ...others, inner: { ...second, also }, heir } });
      const has = (machine: string, link: string, address: string) =>
        inside(machine, `for i in $(seq 30); do ip -4 -o addr show dev ${link} | grep "inet ${address}/" && exit 0; sleep 1; done; exit 1`);
      await has("inner", "nat0", own.inner);
      await has("heir", "host0", own.peer);
      // Another network: the lease of the one before is worth nothing.
      const elsewhere = { ...spec.bridges, nat0: { ...spec.bridges.nat0!, ipv4: { network: "10.88.0.0/24" } } };
      const moved = { ...inner!, addresses: [{ literal: "10.88.0.125" }] };
      await stack.up({ ...spec, bridges: elsewhere, machines: { ...others, inner: moved } });
      await has("inner", "host0", "10.88.0.125");
      const again = { ...inner!, addresses: [{ literal: "10.88.0.126" }] };
      await stack.up({ ...spec, bridges: elsewhere, machines: { ...others, inner: again } });
      await has("inner", "host0", "10.88.0.126");
      expect(await banner()).toMatch(/^SSH-2/);
      await noDrift();
      await stack.up({ ...spec, machines: { ...others, inner: inner! } });
      await stack.up(spec);
      await has("inner", "host0", own.inner);
      await has("peer", "host0", own.peer);
      await works();
    },
    8 * minutes,
  ); // prettier-ignore

  test(
    "have the same addresses after networkd's restart, after starts in another order, and after the host's reboot",
    async () => {
      await lab.sh("one", "systemctl restart systemd-networkd");
      await works();
      await lab.sh("one", "machinectl poweroff inner peer; while machinectl show inner || machinectl show peer; do sleep 0.3; done; systemctl start systemd-nspawn@peer; systemctl start systemd-nspawn@inner");
      await new Promise((resolve) => setTimeout(resolve, 8000));
      await works();
      await lab.exec("one", ["systemctl", "reboot"]);
      await new Promise((resolve) => setTimeout(resolve, 5000));
      expect(await pingsWithin(lab, own.peer6, 90)).toBeGreaterThanOrEqual(0);
      await new Promise((resolve) => setTimeout(resolve, 8000));
      await works();
      await noDrift();
    },
    6 * minutes,
  ); // prettier-ignore
});
