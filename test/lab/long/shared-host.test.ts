import { describeInLab } from "../available";
import { Lab } from "../../support/harness";
import { pingsWithin } from "../reach";
import type { Spec } from "../../support/spec";

const minutes = 60_000;

const platform: Spec = { hosts: { home: { server: { name: "home" }, shared: true } }, bridges: {} };

/** A tenant's stack: a bridge, an address and a machine on the platform's host. */
const tenant = (name: string): Spec => ({
  sshKey: false,
  hosts: { home: { reference: "organization/pulumi-nspawn/platform" } },
  bridges: { [name]: { host: "home", bridge: `br-${name}` } },
  ips: { [name]: { type: "ipv4", host: "home", homeLocation: "fsn1" } },
  machines: { [name]: { host: "home", bridge: name, addresses: [{ ip: name }, { ipv6For: name }] } },
});

describeInLab("a host of one stack, with machines of others", () => {
  const lab = new Lab("e2e-shared");
  const home = lab.stack("platform");
  const [a, b] = [lab.stack("a"), lab.stack("b")];

  beforeAll(async () => {
    await lab.down();
    await lab.up();
    for (const stack of [home, a, b]) await stack.init();
    await home.up(platform);
  }, 25 * minutes);
  afterAll(() => lab.down(), 10 * minutes);

  test(
    "two of them come up beside each other, and each sees nothing to do",
    async () => {
      await a.up(tenant("a"));
      await b.up(tenant("b"));
      for (const [stack, name] of [
        [a, "a"],
        [b, "b"],
      ] as const) {
        const { ipv4, ipv6 } = (await stack.outputs()).machines[name]!;
        for (const address of [ipv4!, ipv6!]) expect(await pingsWithin(lab, address, 30)).toBeGreaterThanOrEqual(0);
        const drift = await stack.drift();
        expect(drift.output).not.toContain("error");
        expect(drift.code).toBe(0);
      }
      expect((await home.drift()).code).toBe(0);
    },
    25 * minutes,
  );

  test(
    "none takes another's name on the host",
    async () => {
      b.declare({ ...tenant("b"), bridges: { b: { host: "home", bridge: "br-a" } } });
      const { code, output } = await b.pulumi("up", "--yes", "--skip-preview");
      expect(code).not.toBe(0);
      expect(output).toContain("belongs to pulumi-nspawn/a/bridge/a");
      const { ipv4 } = (await a.outputs()).machines.a!;
      expect(await pingsWithin(lab, ipv4!, 10)).toBeGreaterThanOrEqual(0);
      await b.up(tenant("b"));
    },
    10 * minutes,
  );

  test(
    "the platform's is not removed while they are there, and nothing of it has changed",
    async () => {
      const { code, output } = await home.pulumi("destroy", "--yes", "--skip-preview");
      expect(code).not.toBe(0);
      expect(output).toMatch(/still used by other stacks: .*pulumi-nspawn\/a\/machine\/a/);
      expect((await home.drift()).code).toBe(0);
      expect((await lab.api("GET", "/servers?name=home")).servers).toHaveLength(1);
    },
    10 * minutes,
  );

  test(
    "no login of it stands in a tenant's plain state",
    async () => {
      const state = JSON.stringify(await a.export());
      expect(state).not.toContain("PRIVATE KEY");
      expect(state).toContain("br-a");
    },
    2 * minutes,
  );

  test(
    "and goes when they have gone",
    async () => {
      await a.destroy();
      await b.destroy();
      expect((await lab.sh("home", "ls /var/lib/pulumi-nspawn/owners | wc -l")).trim()).toBe("1");
      await home.destroy();
      expect((await lab.api("GET", "/servers")).servers).toEqual([]);
    },
    15 * minutes,
  );
});
