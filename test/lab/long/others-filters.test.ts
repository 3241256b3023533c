import { apiServer } from "../api-server";
import { describeInLab } from "../available";
import { Lab, run } from "../../support/harness";
import { forwarder, ownResolver } from "../own-resolver";
import { pingsWithin } from "../reach";
import type { Spec } from "../../support/spec";

const minutes = 60_000;

const prepare = String.raw`
${ownResolver}
apt-get -q update >/dev/null; apt-get -q -y --no-install-recommends install nftables >/dev/null
printf 'table ip filter {\n chain FORWARD {\n  type filter hook forward priority 0; policy drop;\n }\n}\n' >/etc/nftables.conf
nft -f /etc/nftables.conf`;

describeInLab("a host with a filter and a resolver of its own", () => {
  const lab = new Lab("filters-test");
  const stack = lab.stack("main");
  let spec: Spec;

  const doctor = () =>
    run([process.execPath, "bin/cli/main.js", "doctor", "web", "--lab", lab.name, "--stack", stack.name, "--json"]);

  beforeAll(async () => {
    await lab.down();
    await lab.up();
    await stack.init();
    const server = await apiServer(lab, "h1");
    const prepared = await lab.exec("h1", ["sh", "-ec", prepare], forwarder);
    expect(prepared).toMatchObject({ code: 0 });
    const { NSPAWN_LAB_SSH_KEY: key } = await lab.env();
    spec = {
      sshKey: false,
      hosts: { h1: { ssh: { host: server.ipv4, hostKey: server.hostKey, privateKeyFile: key } } },
      bridges: { br0: { host: "h1" } },
      machines: {
        web: {
          host: "h1",
          bridge: "br0",
          addresses: [{ literal: "203.0.113.200" }, { ipv6For: "web" }],
          onDelete: "delete",
        },
      },
    };
  }, 30 * minutes);
  afterAll(() => lab.down(), 3 * minutes);

  test(
    "is told which chain drops what, and keeps its names",
    async () => {
      stack.declare(spec);
      const { code, output } = await stack.pulumi("up", "--yes", "--skip-preview");
      const place = "table ip filter, chain FORWARD, policy drop";
      expect(output).toContain(`IPv4 to machines on br0: ${place}`);
      expect(output).toContain('nft insert rule ip filter FORWARD oifname "br0" accept');
      expect(output).toMatch(
        /no packet from outside reaches web at 203\.0\.113\.200: .*hop others' filters \(dropped by table ip filter, chain FORWARD \(policy drop\)\)/,
      );
      expect(output).not.toContain("does not now");
      expect(code).toBe(0);
      expect(
        await lab.sh("h1", "cat /etc/resolv.conf; getent hosts deb.debian.org >/dev/null && echo names-resolve"),
      ).toBe("nameserver 127.0.0.1\nsearch lab.example\noptions timeout:2\nnames-resolve\n");
    },
    30 * minutes,
  );

  test(
    "finds it again as drift and by the doctor, until what was advised is there",
    async () => {
      const drift = await stack.drift();
      expect(drift.code).toBe(7);
      expect(drift.output).toContain("IPv4 from machines on br0: table ip filter, chain FORWARD, policy drop");
      const found = await doctor();
      expect(found.code).toBe(1);
      expect(found.output).toContain("chain FORWARD, policy drop");
      await lab.sh(
        "h1",
        'nft insert rule ip filter FORWARD oifname "br0" accept; nft insert rule ip filter FORWARD iifname "br0" accept',
      );
      expect((await stack.drift()).code).toBe(0);
      const [machine] = JSON.parse((await doctor()).stdout).machines;
      expect(machine.hops.find(({ hop }: { hop: string }) => hop === "others' filters")).toMatchObject({ ok: true });
    },
    10 * minutes,
  );

  test(
    "has machines that answer",
    async () => {
      const { web } = (await stack.outputs()).machines;
      expect(await pingsWithin(lab, web?.ipv6 ?? "", 30)).toBeGreaterThanOrEqual(0);
    },
    2 * minutes,
  );
});
