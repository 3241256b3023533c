import { describeInLab } from "../available";
import { Lab, run } from "../../support/harness";
import { pingsWithin, runOf } from "../reach";
import type { HostSpec, MachineSpec, Spec } from "../../support/spec";

const minutes = 60_000;
const names = ["a", "b", "c", "d"];

const machine = (name: string, more: Partial<MachineSpec> = {}): MachineSpec => ({
  ...{ host: "one", bridge: "br0", addresses: [{ ipv6For: name }], onDelete: "delete" },
  ...more,
});
const specOf = (host: Partial<HostSpec>, machines: Spec["machines"] = {}): Spec => ({
  hosts: { one: { server: {}, ...host } },
  bridges: { br0: { host: "one" } },
  machines,
});
const all = Object.fromEntries(names.map((name) => [name, machine(name)]));

describeInLab("machines on a btrfs file system of their own", () => {
  const lab = new Lab("e2e-storage");
  const stack = lab.stack("storage");
  const storage = { type: "btrfs" as const, size: "6G" };
  const directory = { type: "directory" as const };
  const onHost = async (text: string): Promise<string> => (await lab.sh("one", text)).trim();
  const addresses = async () => Object.values((await stack.outputs()).machines).map(({ ipv6 }) => ipv6 ?? "");
  const answer = async () => {
    for (const address of await addresses()) expect(await pingsWithin(lab, address, 60)).toBeGreaterThanOrEqual(0);
  };
  const runs = () => Promise.all(names.map((name) => runOf(lab, "one", name)));
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

  test(
    "are not hidden by one: where there are some, it is refused before anything changes",
    async () => {
      await stack.up(specOf({ storage: directory }, { a: machine("a") }));
      expect(await refused(specOf({ storage }, { a: machine("a") }))).toMatch(
        /\/var\/lib\/machines is not empty \(a\), and storage\.type "btrfs" would hide that.*\[NSPAWN_OWNED\]/s,
      );
      expect(await onHost("ls /var/lib/pulumi-nspawn; dpkg -l btrfs-progs 2>&1")).not.toMatch(/machines\.btrfs|^ii/m);
      const before = await runOf(lab, "one", "a");
      await stack.up(specOf({ storage: { type: "auto" } }, { a: machine("a") }));
      expect(await onHost("stat -f -c %T /var/lib/machines; ls /var/lib/pulumi-nspawn")).not.toMatch(/btrfs/);
      expect((await stack.drift()).code).toBe(0);
      expect(await runOf(lab, "one", "a")).toEqual(before);
      await answer();
      await stack.up(specOf({ storage: directory }));
    },
    15 * minutes,
  );

  test(
    "are snapshots of their image, which is there once",
    async () => {
      stack.declare(specOf({ storage }));
      const { output } = await stack.pulumi("preview", "--diff");
      expect(output).toMatch(/~ type *: "directory" => "btrfs"/);
      await stack.up(specOf({ storage }, all));
      await answer();
      expect(
        await onHost("stat -f -c %T /var/lib/machines; machinectl list-images --no-legend | awk '{ print $1, $2 }'"),
      ).toBe(["btrfs", ...names.map((name) => `${name} subvolume`)].join("\n"));
      const [alone = 0, used = 0] = (
        await onHost(
          "du -sm /var/lib/machines/.pulumi-nspawn/images | cut -f 1; du -sm /var/lib/pulumi-nspawn/machines.btrfs | cut -f 1",
        )
      )
        .split("\n")
        .map(Number);
      expect(alone).toBeGreaterThan(100);
      // Four copies would be five times as much; metadata stands there twice.
      expect(used).toBeLessThan(2.5 * alone);
      const { code, output: drift } = await stack.drift();
      expect(code === 0 ? "" : drift).toBe("");
    },
    15 * minutes,
  );

  test(
    "are there again after a reboot of the host",
    async () => {
      await lab.exec("one", ["systemctl", "reboot"]);
      await new Promise((resolve) => setTimeout(resolve, 5000));
      await answer();
      expect((await stack.drift()).code).toBe(0);
    },
    10 * minutes,
  );

  test(
    "run on while it grows; it does not shrink, and does not become a directory below them",
    async () => {
      const before = await runs();
      await stack.up(specOf({ storage: { ...storage, size: "8G" } }, all));
      expect(await onHost("df -BG --output=size /var/lib/machines | tail -n 1 | tr -d ' '")).toBe("8G");
      expect(await runs()).toEqual(before);
      expect(await refused(specOf({ storage }, all))).toMatch(/storage\.size cannot shrink.*\[NSPAWN_INVALID_INPUT\]/s);
      expect(await refused(specOf({ storage: directory }, all))).toMatch(
        /the storage of type btrfs has machines \(.*\), which are not moved.*\[NSPAWN_OWNED\]/s,
      );
      expect(await runs()).toEqual(before);
      await answer();
      stack.declare(specOf({ storage: { ...storage, size: "8G" } }, all));
    },
    10 * minutes,
  );

  test(
    "come back with it when somebody disables its mount",
    async () => {
      await onHost("systemctl disable var-lib-machines.mount");
      const { output } = await stack.drift();
      expect(output).toMatch(/var-lib-machines\.mount.*disabled/);
      expect(await stack.pulumi("up", "--yes", "--skip-preview", "--refresh")).toMatchObject({ code: 0 });
      expect(await onHost("systemctl is-enabled var-lib-machines.mount")).toBe("enabled");
    },
    10 * minutes,
  );

  test(
    "are refused in one that is full, and leave nothing there",
    async () => {
      await onHost(
        "fallocate -l 100G /var/lib/machines/.pulumi-nspawn/full 2>/dev/null || dd if=/dev/zero of=/var/lib/machines/.pulumi-nspawn/full bs=1M status=none 2>/dev/null || :; sync",
      );
      const output = await refused(specOf({ storage: { ...storage, size: "8G" } }, { ...all, e: machine("e") }));
      expect(output).toMatch(/has \d+ MB free, at least \d+ MB are needed.*\[NSPAWN_DISK_FULL\]/s);
      expect(await onHost("rm /var/lib/machines/.pulumi-nspawn/full; ls -A /var/lib/machines")).not.toMatch(
        /^(e|\.#pulumi-nspawn.*)$/m,
      );
      await stack.up(
        specOf({ storage: { ...storage, size: "8G" } }, { ...all, e: machine("e", { onDelete: "trash" }) }),
      );
      await answer();
    },
    10 * minutes,
  );

  test(
    "that were thrown away stay in its file; without them nothing of it stays, on the host or on the lab's machine",
    async () => {
      await stack.up(specOf({ storage: { ...storage, size: "8G" } }, all));
      expect(await onHost("ls /var/lib/machines/.pulumi-nspawn/trash")).toMatch(/^e-/);
      await stack.up(specOf({ storage: { ...storage, size: "8G" } }));
      const kept = await stack.up(specOf({ storage: directory }));
      expect(kept).toMatch(/machines\.btrfs stays on the host, with what is in its trash/);
      await stack.up(specOf({ storage: { ...storage, size: "8G" } }));
      await onHost("rm -rf /var/lib/machines/.pulumi-nspawn/trash/*");
      await stack.up(specOf({ storage: directory }));
      expect(await onHost("ls /var/lib/pulumi-nspawn; findmnt /var/lib/machines || :")).not.toMatch(/btrfs/);
      // Who says nothing gets what the host can do, and leaves nothing either.
      await stack.up(specOf({}, { a: machine("a") }));
      expect(await onHost("stat -f -c %T /var/lib/machines; systemctl is-enabled var-lib-machines.mount")).toBe(
        "btrfs\nenabled",
      );
      expect((await stack.drift()).code).toBe(0);
      await onHost("systemctl disable var-lib-machines.mount");
      expect((await stack.drift()).output).toMatch(/var-lib-machines\.mount.*disabled/);
      await stack.pulumi("destroy", "--yes");
      await lab.down();
      expect((await run(["losetup", "-a"])).stdout).not.toContain("(deleted)");
    },
    15 * minutes,
  );
});
