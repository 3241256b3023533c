import { describeInLab } from "../available";
import { Lab } from "../../support/harness";
import { debian } from "../../support/debian";
import { pingsWithin, runOf } from "../reach";
import type { MachineSpec, Spec } from "../../support/spec";

const minutes = 60_000;
const mebibytes = 2 ** 20;

const machine = (name: string, more: Partial<MachineSpec> = {}): MachineSpec => ({
  ...{ host: "one", bridge: "br0", addresses: [{ ipv6For: name }], onDelete: "delete" },
  ...more,
});
const specOf = (machines: Spec["machines"], storage?: "directory"): Spec => ({
  hosts: { one: { server: {}, ...(storage && { storage: { type: storage } }) } },
  bridges: { br0: { host: "one" } },
  machines,
});
const pair = (diskQuota?: number): Spec =>
  specOf({ a: machine("a", diskQuota === undefined ? {} : { limits: { diskQuota } }), b: machine("b") });

describeInLab("a machine's quota of the disk", () => {
  const lab = new Lab("e2e-quota");
  const stack = lab.stack("quota");
  const onHost = async (text: string): Promise<string> => (await lab.sh("one", text)).trim();
  const inside = (name: string, text: string): Promise<string> =>
    onHost(`systemd-run -q --pipe --wait --machine=${name} /bin/sh -c '${text}' 2>&1 || :`);
  /** Mebibytes that a machine can write to one file, at most `most`. */
  const writes = async (name: string, file: string, most: number): Promise<number> => {
    const said = await inside(name, `dd if=/dev/zero of=${file} bs=1M count=${most} 2>&1; sync; stat -c %s ${file}`);
    return Number(said.split("\n").at(-1)) / mebibytes;
  };
  const answers = async (name: string) => {
    const { ipv6 = "" } = (await stack.outputs()).machines[name] ?? {};
    expect(await pingsWithin(lab, ipv6, 60)).toBeGreaterThanOrEqual(0);
  };
  const up = (spec: Spec): Promise<string> => stack.up(spec);
  const refused = async (spec: Spec): Promise<string> => {
    stack.declare(spec);
    const { code, output } = await stack.pulumi("up", "--yes", "--skip-preview");
    expect(code).not.toBe(0);
    return output;
  };

  beforeAll(async () => {
    await lab.down();
    await lab.up();
    await stack.init();
  }, 30 * minutes);
  afterAll(() => lab.down(), 2 * minutes);

  if (debian.version === "12") {
    test(
      "is refused by Debian 12, before anything changes",
      async () => {
        expect(await refused(pair(128 * mebibytes))).toMatch(
          /limits\.diskQuota needs storage of type btrfs, Linux 6\.7 and btrfs-progs 6\.7.*it has btrfs-progs v6.*\[NSPAWN_KERNEL_FEATURE\]/s,
        );
        expect(await onHost("ls /var/lib/machines; ls /etc/pulumi-nspawn/quotas 2>&1")).not.toMatch(/^a$/m);
      },
      20 * minutes,
    );
    return;
  }

  test(
    "holds it back, also in subvolumes of its own, and nobody else",
    async () => {
      await up(pair(128 * mebibytes));
      expect(await writes("a", "/root/full", 300)).toBeLessThan(128);
      expect(await writes("b", "/root/free", 300)).toBe(300);
      await inside("a", "rm /root/full");
      await onHost(
        "btrfs -q subvolume create /var/lib/machines/a/srv/own && chown --reference=/var/lib/machines/a/srv /var/lib/machines/a/srv/own",
      );
      expect(await writes("a", "/srv/own/full", 300)).toBeLessThan(128);
      await answers("a");
      expect((await stack.drift()).code).toBe(0);
    },
    20 * minutes,
  );

  test(
    "grows and goes while it runs",
    async () => {
      const before = await runOf(lab, "one", "a");
      stack.declare(pair(256 * mebibytes));
      expect((await stack.pulumi("preview", "--diff")).output).toMatch(/diskQuota *: 134217728 => 268435456/);
      await up(pair(256 * mebibytes));
      expect(await writes("a", "/root/more", 150)).toBeGreaterThan(60);
      await up(pair());
      expect(await writes("a", "/root/all", 300)).toBe(300);
      expect(await runOf(lab, "one", "a")).toEqual(before);
      expect(await onHost("ls /etc/pulumi-nspawn/quotas 2>/dev/null || :")).toBe("");
      await inside("a", "rm -f /root/* /srv/own/full");
    },
    10 * minutes,
  );

  test(
    "that somebody takes away is drift, and comes back",
    async () => {
      await up(pair(128 * mebibytes));
      await onHost("btrfs qgroup limit none 1/$(btrfs inspect-internal rootid /var/lib/machines/a) /var/lib/machines");
      const { output } = await stack.drift();
      expect(output).toMatch(/DiskQuota.*(none|134217728)/);
      expect(await stack.pulumi("up", "--yes", "--skip-preview", "--refresh")).toMatchObject({ code: 0 });
      expect(await writes("a", "/root/full", 300)).toBeLessThan(128);
    },
    10 * minutes,
  );

  test(
    "holds after a reboot, and goes with the machine",
    async () => {
      await lab.exec("one", ["systemctl", "reboot"]);
      await new Promise((resolve) => setTimeout(resolve, 5000));
      await answers("b");
      await inside("a", "rm -f /root/full");
      expect(await writes("a", "/root/full", 300)).toBeLessThan(128);
      await up(specOf({ b: machine("b") }));
      expect(await onHost("ls /etc/pulumi-nspawn/quotas 2>/dev/null || :")).toBe("");
      // Its group goes with the next change, once btrfs has cleaned up.
      await onHost("btrfs subvolume sync /var/lib/machines >/dev/null");
      await up(specOf({ b: machine("b", { limits: { diskQuota: 2 ** 30 } }) }));
      expect(await onHost("btrfs qgroup show /var/lib/machines | sed -n 's/^1\\/\\([0-9]*\\).*/\\1/p'")).toBe(
        await onHost("btrfs inspect-internal rootid /var/lib/machines/b"),
      );
    },
    10 * minutes,
  );

  test(
    "is refused where machines are in a directory",
    async () => {
      await up(specOf({}));
      await up(specOf({}, "directory"));
      expect(await refused(specOf({ a: machine("a", { limits: { diskQuota: 2 ** 30 } }) }, "directory"))).toMatch(
        /the machines of this host are in a directory.*\[NSPAWN_KERNEL_FEATURE\]/s,
      );
      const limits = { diskQuota: 2 ** 30, optional: true };
      expect(await up(specOf({ a: machine("a", { limits }) }, "directory"))).toMatch(/diskQuota holds nothing back/);
      expect((await stack.drift()).code).toBe(0);
    },
    15 * minutes,
  );
});
