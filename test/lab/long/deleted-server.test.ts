import { describeInLab } from "../available";
import { Lab } from "../../support/harness";
import { pingsWithin } from "../reach";
import type { Spec } from "../../support/spec";

const minutes = 60_000;

const spec: Spec = {
  hosts: { "host-1": { server: { name: "host-1" } }, "host-2": { server: { name: "host-2" } } },
  bridges: { br0: { host: "host-1" }, other: { host: "host-2", bridge: "br0" } },
  ips: { web: { type: "ipv4", host: "host-1", homeLocation: "fsn1" } },
  machines: {
    web: { host: "host-1", bridge: "br0", addresses: [{ ip: "web" }, { ipv6For: "web" }] },
    other: { host: "host-2", bridge: "other", addresses: [{ ipv6For: "other" }] },
  },
};

describeInLab("a server that somebody deleted", () => {
  const lab = new Lab("e2e-deleted");
  const stack = lab.stack("lab");

  beforeAll(async () => {
    await lab.down();
    await lab.up();
    await stack.init();
    await stack.up(spec);
    const { servers } = await lab.api("GET", "/servers?name=host-1");
    await lab.api("DELETE", `/servers/${servers[0].id}`);
  }, 25 * minutes);
  afterAll(() => lab.down(), 10 * minutes);

  test(
    "a change is told what makes it anew",
    async () => {
      stack.declare({ ...spec, machines: { ...spec.machines, web: { ...spec.machines!.web!, hostname: "shop" } } });
      const { code, output } = await stack.pulumi("up", "--yes", "--skip-preview");
      expect(code).not.toBe(0);
      expect(output).toMatch(/Hetzner has no server \d+ any more[^]*run `pulumi up --refresh`/);
    },
    5 * minutes,
  );

  test(
    "a preview with refresh says that the data is lost, and what is made anew",
    async () => {
      stack.declare(spec);
      const { code, output } = await stack.pulumi("preview", "--refresh");
      expect(output).toMatch(/gone: Hetzner has no server \d+ any more, and what was on it is lost with it/);
      expect(output).toMatch(/nspawn:NspawnMachine +web +create/);
      expect(output).not.toMatch(/nspawn:NspawnMachine +other +(create|update|delete)/);
      expect(code).toBe(0);
    },
    5 * minutes,
  );

  test(
    "one up makes it all anew, and leaves what stands elsewhere alone",
    async () => {
      const before = await lab.sh("host-2", "systemctl show -p MainPID systemd-nspawn@other.service");
      await stack.up(spec, "--refresh");
      const { web, other } = (await stack.outputs()).machines;
      for (const address of [web!.ipv4!, web!.ipv6!, other!.ipv6!])
        expect(await pingsWithin(lab, address, 30)).toBeGreaterThanOrEqual(0);
      expect(await lab.sh("host-2", "systemctl show -p MainPID systemd-nspawn@other.service")).toBe(before);
      const drift = await stack.drift();
      expect(drift.output).not.toContain("error");
      expect(drift.code).toBe(0);
    },
    15 * minutes,
  );

  test(
    "one that is there and silent is named within 25 s, and is nothing that is gone",
    async () => {
      await lab.sh(
        "host-2",
        "nohup sh -c 'sleep 1; ip link set eth0 down; sleep 150; ip link set eth0 up; ifup --force eth0' >/dev/null 2>&1 &",
      );
      await new Promise((resolve) => setTimeout(resolve, 3000));
      const running = stack.start("refresh", "--yes", "--skip-preview");
      const began = Date.now();
      while (!running.said.output.includes("waiting for SSH on")) {
        if (Date.now() - began > 40_000) throw new Error(running.said.output);
        await new Promise((resolve) => setTimeout(resolve, 250));
      }
      const { code, output } = await running.ended;
      expect(code).not.toBe(0);
      expect(output).toMatch(/NSPAWN_UNREACHABLE/);
      expect(output).not.toMatch(/gone: /);
      expect(
        (await stack.export()).deployment.resources!.filter(({ type }) => type.endsWith("NspawnMachine")),
      ).toHaveLength(4);
    },
    8 * minutes,
  );
});
