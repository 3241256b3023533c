import { join } from "node:path";
import { describeInLab } from "../available";
import { Lab, root, run } from "../../support/harness";
import { clientAddress, pingsWithin } from "../reach";
import { Reader } from "../readers";
import type { HostSpec, Spec } from "../../support/spec";

const minutes = 60_000;
const service = "pulumi-nspawn-ndppd";

const specOf = (host: Partial<HostSpec>): Spec => ({
  hosts: { one: { server: {}, ...host } },
  bridges: { br0: { host: "one" } },
  machines: {
    web: {
      ...{ host: "one", bridge: "br0", addresses: [{ ipv6For: "web" }] },
      subnets: [{ name: "customer-1", length: 80 }],
    },
    peer: { host: "one", bridge: "br0", addresses: [{ ipv6For: "peer" }] },
  },
});

/** Both kinds of uplink: a router that sends the network to the host, and one that asks for each of its addresses. */
const uplinks = { lenient: specOf({}), strict: specOf({ neighbourProxy: "ndppd" }) };

function onUplink(uplink: keyof typeof uplinks): void {
  const spec = uplinks[uplink];
  const lab = new Lab(`e2e-subnets-${uplink}`);
  const reader = new Reader(lab);
  const stack = lab.stack("subnets");
  const own = { subnet: "", web: "", peer: "", behind: "" };

  const inside = (machine: string, text: string) =>
    lab.sh("one", `exec nsenter -t $(machinectl show ${machine} -p Leader --value) -n sh -ec '${text}'`);
  const noDrift = async () => {
    const { output, code } = await stack.drift();
    expect(code === 0 ? "" : output).toBe("");
  };
  /** Somebody behind the machine: on a bridge of its own, in a network namespace. */
  const somebodyBehind = () =>
    inside(
      "web",
      `ip netns add behind; ip link add lan0 type bridge; ip addr add ${own.subnet.replace("/80", "1/80")} dev lan0 nodad; ip link set lan0 up;
      ip link add port type veth peer name eth0 netns behind; ip link set port master lan0 up;
      ip -n behind addr add ${own.behind}/80 dev eth0 nodad; ip -n behind link set eth0 up; ip -n behind route add default via ${own.subnet.replace("/80", "1")}`,
    );
  /** The client reaches it there, and is reached from there, by its own address. */
  const works = async () => {
    expect(await pingsWithin(lab, own.behind, 30)).toBeGreaterThanOrEqual(0);
    const rule = `ip6 saddr ${own.behind} icmpv6 type echo-request counter`;
    await lab.sh("client", `nft "add table ip6 seen; add chain ip6 seen in { type filter hook input priority 0; }; add rule ip6 seen in ${rule}"`);
    await inside("web", `ip netns exec behind ping -n -c1 -W5 ${clientAddress.ipv6}`);
    expect(await lab.sh("client", "nft list table ip6 seen; nft delete table ip6 seen")).toMatch(/counter packets 1 /);
  }; // prettier-ignore

  beforeAll(async () => {
    await lab.down();
    const cli = join(root, "bin", "cli", "main.js");
    await run([process.execPath, cli, "lab", "up", "--name", lab.name, "--uplink", uplink, "--no-engine"]);
    await lab.up();
    await stack.init();
  }, 30 * minutes);
  afterAll(() => lab.down(), 2 * minutes);

  test(
    "leads through it, and by its address it is seen",
    async () => {
      if (uplink === "strict") {
        stack.declare(specOf({}));
        const refused = await stack.pulumi("up", "--yes", "--skip-preview");
        expect(refused.output).toMatch(/asks on the uplink for each address of \S+\/80.*\[NSPAWN_STRICT_UPLINK\]/s);
        expect(refused.code).not.toBe(0);
        expect(await lab.sh("one", "ls /etc/systemd/network/10-br0.network.d")).not.toContain("web");
      }
      await stack.up(spec);
      const { machines } = await stack.outputs();
      own.subnet = machines.web?.subnets?.[0] ?? "";
      [own.web, own.peer] = [machines.web?.ipv6 ?? "", machines.peer?.ipv6 ?? ""];
      expect(own.subnet).toMatch(/^2001:db8:[0-9a-f:]+::\/80$/);
      own.behind = own.subnet.replace("/80", "b");
      await somebodyBehind();
      await works();
      await noDrift();
    },
    30 * minutes,
  );

  test(
    "is answered for with exactly its prefix",
    async () => {
      const listed = await lab.sh("one", `cat /run/pulumi-nspawn/ndppd.conf 2>/dev/null || echo nobody`);
      const rules = [...listed.matchAll(/rule (\S+)/g)].map(([, prefix]) => prefix);
      expect(rules).toEqual(uplink === "strict" ? [own.subnet] : []);
    },
    minutes,
  );

  test(
    "ends in the machine where it is used nowhere, at once",
    async () => {
      const nobody = own.subnet.replace("/80", "dead");
      await inside("web", "ip link del lan0");
      const answer = await lab.exec("client", ["ping", "-n", "-c", "1", "-W", "4", nobody]);
      expect(answer.output).toMatch(new RegExp(`From ${own.web} icmp_seq=1 Destination unreachable`));
      await inside("web", "ip netns del behind; ip link del port 2>/dev/null || :");
      await somebodyBehind();
      await works();
    },
    2 * minutes,
  );

  test(
    "is no other machine's to send from",
    async () => {
      const stolen = own.subnet.replace("/80", "bad");
      const seen = () => inside("web", "nft list table ip6 seen");
      await inside("web", `nft "add table ip6 seen; add chain ip6 seen in { type filter hook input priority -400; }; add rule ip6 seen in ip6 saddr ${stolen} counter"`);
      await inside("peer", `ip addr add ${stolen}/128 dev host0 nodad`);
      await lab.exec("one", ["sh", "-c", `nsenter -t $(machinectl show peer -p Leader --value) -n ping -n -c2 -W1 -I ${stolen} ${own.web}`]);
      expect(await seen()).toContain("packets 0");
      // By an address of its own the same ping arrives.
      await inside("web", `nft flush chain ip6 seen in; nft "add rule ip6 seen in ip6 saddr ${own.peer} icmpv6 type echo-request counter"`);
      await inside("peer", `ping -n -c2 -W2 -I ${own.peer} ${own.web}`);
      expect(await seen()).toContain("packets 2");
      await inside("peer", `ip addr del ${stolen}/128 dev host0`);
      await inside("web", "nft delete table ip6 seen");
    },
    2 * minutes,
  ); // prettier-ignore

  test(
    "has its route back that was taken away by hand, and doctor names it",
    async () => {
      await lab.sh("one", `ip -6 route del ${own.subnet} dev br0`);
      const { output, code } = await reader.types("npx pulumi-nspawn doctor");
      expect(code).not.toBe(0);
      expect(output).toContain(own.subnet);
      const drift = await stack.drift();
      expect(drift.output).toContain(`${own.subnet} dev br0`);
      await stack.up(spec, "--refresh");
      await works();
      expect((await reader.types("npx pulumi-nspawn doctor")).code).toBe(0);
      await noDrift();
    },
    5 * minutes,
  );

  test(
    "is there after networkd's restart, and after the host's reboot",
    async () => {
      await lab.sh("one", "systemctl restart systemd-networkd");
      await works();
      await lab.exec("one", ["systemctl", "reboot"]);
      await new Promise((resolve) => setTimeout(resolve, 5000));
      expect(await pingsWithin(lab, own.web, 90)).toBeGreaterThanOrEqual(0);
      await somebodyBehind();
      await works();
      await noDrift();
    },
    6 * minutes,
  );

  test(
    "takes along what answered for it",
    async () => {
      const { web, ...machines } = spec.machines ?? {};
      await stack.up({ ...spec, hosts: { one: { server: {} } }, machines: { ...machines, web: { ...web!, subnets: [] } } });
      expect(await lab.sh("one", `ip -6 route show ${own.subnet}`)).toBe("");
      expect((await lab.exec("one", ["systemctl", "is-active", service])).stdout).toMatch(/inactive/);
      expect((await lab.exec("one", ["dpkg-query", "-W", "-f", "${db:Status-Status}", "ndppd"])).stdout).not.toBe("installed");
      await noDrift();
    },
    5 * minutes,
  ); // prettier-ignore
}

describeInLab("a subnet of a machine, whose network the router sends to the host", () => onUplink("lenient"));
describeInLab("a subnet of a machine, for whose addresses the router asks", () => onUplink("strict"));
