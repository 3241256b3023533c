import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describeInLab } from "../available";
import { Lab, root } from "../../support/harness";
import { pingsWithin } from "../reach";
import type { Spec } from "../../support/spec";

const minutes = 60_000;
const program = join(root, "test", "support", "program");

const first: Spec = {
  hosts: { "host-1": { server: { name: "host-1" } } },
  bridges: { br0: { host: "host-1" } },
  ips: { "web-ipv4": { type: "ipv4", host: "host-1", homeLocation: "fsn1" } },
  machines: { web: { host: "host-1", bridge: "br0", addresses: [{ ip: "web-ipv4" }, { ipv6For: "web" }] } },
};

/** The same, with another name for the host. */
const withHost = (name: string, more: Partial<Spec> = {}): Spec => ({
  hosts: { [name]: first.hosts["host-1"]! },
  bridges: { br0: { host: name } },
  ips: { "web-ipv4": { type: "ipv4", host: name, homeLocation: "fsn1" } },
  machines: { web: { ...first.machines!.web!, host: name } },
  ...more,
});

describeInLab("other names for a stack, a project and what is in them", () => {
  const lab = new Lab("e2e-renames");
  let stack = lab.stack("lab");

  beforeAll(async () => {
    await lab.down();
    await lab.up();
    await stack.init();
    await stack.up(first);
  }, 25 * minutes);
  afterAll(() => lab.down(), 10 * minutes);

  /** Which run of the machine it is, and its MAC address. */
  const life = (): Promise<string> =>
    lab.sh(
      "host-1",
      "systemctl show -p ActiveEnterTimestamp -p MainPID systemd-nspawn@web.service; ip -o link show vb-web; cat /proc/sys/kernel/random/boot_id",
    );
  const owners = async (): Promise<string[]> =>
    (await lab.sh("host-1", "sed -n 's/^owner\\t//p' /var/lib/pulumi-nspawn/owners/*/record"))
      .trim()
      .split("\n")
      .sort();

  /** What a preview would do, by kinds of steps. */
  async function steps(spec: Spec): Promise<Record<string, number>> {
    stack.declare(spec);
    const { code, stdout, output } = await stack.pulumi("preview", "--json");
    if (code !== 0) throw new Error(output);
    return (JSON.parse(stdout) as { changeSummary: Record<string, number> }).changeSummary;
  }

  /** Nothing of ours is made or replaced, the machine goes on running, and then there is nothing to do. */
  async function goesOn(spec: Spec, made: Record<string, number> = {}): Promise<void> {
    const before = await life();
    const { same: _same, update: _update, ...others } = await steps(spec);
    expect(others).toEqual(made);
    expect(await stack.up(spec)).not.toMatch(/moves to another host/);
    expect(await life()).toBe(before);
    const drift = await stack.drift();
    expect(drift.output).not.toContain("error");
    expect(drift.code).toBe(0);
    expect(await pingsWithin(lab, (await stack.outputs()).machines.web!.ipv4!, 10)).toBeGreaterThanOrEqual(0);
  }

  const renamedTo = async (...names: string[]): Promise<void> => {
    const { code, output } = await stack.pulumi("stack", "rename", ...names);
    if (code !== 0) throw new Error(output);
  };

  test(
    "a stack",
    async () => {
      await renamedTo("prod");
      stack = lab.stack("prod");
      await goesOn(first);
      expect((await owners()).filter((owner) => !owner.startsWith("pulumi-nspawn/prod/"))).toEqual([]);
    },
    10 * minutes,
  );

  test(
    "with a change that fails in between, which loses nothing",
    async () => {
      await renamedTo("half");
      stack = lab.stack("half");
      const hostname = "/var/lib/machines/web/etc/hostname";
      const other: Spec = { ...first, machines: { web: { ...first.machines!.web!, hostname: "other" } } };
      await lab.sh("host-1", `mv ${hostname} ${hostname}.was; mkdir ${hostname}`);
      stack.declare(other);
      const failed = await stack.pulumi("up", "--yes", "--skip-preview");
      expect([failed.code === 0, failed.output]).toEqual([
        false,
        expect.stringContaining("is a directory in the machine"),
      ]);
      await lab.sh("host-1", `rmdir ${hostname}; mv ${hostname}.was ${hostname}`);
      await goesOn(first);
      expect((await owners()).filter((owner) => !owner.startsWith("pulumi-nspawn/half/"))).toEqual([]);
      await renamedTo("prod");
      stack = lab.stack("prod");
      await goesOn(first);
    },
    10 * minutes,
  );

  test(
    "a host, by an alias",
    async () => {
      await goesOn(withHost("home", { aliases: { home: "host-1" } }));
      expect(await owners()).toContain("pulumi-nspawn/prod/host/home");
      expect(await owners()).toHaveLength(4);
    },
    10 * minutes,
  );

  test("and back", () => goesOn(withHost("host-1", { aliases: { "host-1": "home" } })), 10 * minutes);

  test(
    "a project",
    async () => {
      const other = join(lab.directory, "other-project");
      mkdirSync(other);
      for (const name of ["index.js", "package.json"]) symlinkSync(join(program, name), join(other, name));
      symlinkSync(join(root, "node_modules"), join(other, "node_modules"));
      const settings = readFileSync(join(program, "Pulumi.yaml"), "utf8").replace(/^name: .*$/m, "name: shop");
      writeFileSync(join(other, "Pulumi.yaml"), settings);
      await renamedTo("organization/shop/prod");
      stack.project = other;
      await goesOn(first);
      expect((await owners()).filter((owner) => !owner.startsWith("shop/prod/"))).toEqual([]);
    },
    10 * minutes,
  );

  test("components that are put into another", () => goesOn({ ...first, inside: "site" }, { create: 1 }), 10 * minutes);

  test(
    "a bridge without an alias: told to who did it, and taken over with adopt",
    async () => {
      const before = await life();
      const renamed: Spec = {
        ...first,
        inside: "site",
        bridges: { lan: { host: "host-1", bridge: "br0" } },
        machines: { web: { ...first.machines!.web!, bridge: "lan" } },
      };
      stack.declare(renamed);
      const refused = await stack.pulumi("up", "--yes", "--skip-preview");
      expect(refused.output).toContain("NSPAWN_OWNED");
      expect(refused.output).toContain('aliases: [{ name: "br0" }]');
      await stack.up({ ...renamed, bridges: { lan: { host: "host-1", bridge: "br0", adopt: true } } });
      expect(await life()).toBe(before);
      await goesOn({ ...renamed, bridges: { lan: { host: "host-1", bridge: "br0", adopt: true } } });
      expect((await owners()).filter((owner) => owner.includes("/bridge/"))).toEqual(["shop/prod/bridge/lan"]);
    },
    10 * minutes,
  );

  test(
    "of what a version took over that remembered no objects: the old one lets go of nothing",
    async () => {
      await lab.sh("host-1", "sed -i '/^object/d' /var/lib/pulumi-nspawn/owners/*/record");
      const back: Spec = {
        ...first,
        inside: "site",
        bridges: { net: { host: "host-1", bridge: "br0", adopt: true } },
        machines: { web: { ...first.machines!.web!, bridge: "net" } },
      };
      await stack.up(back);
      await goesOn(back);
      expect((await owners()).filter((owner) => owner.includes("/bridge/"))).toEqual(["shop/prod/bridge/net"]);
    },
    10 * minutes,
  );

  test(
    "and everything goes as it came",
    async () => {
      await stack.destroy();
      expect((await stack.export()).deployment.resources ?? []).toEqual([]);
    },
    10 * minutes,
  );
});
