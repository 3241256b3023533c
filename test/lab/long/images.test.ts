import { join } from "node:path";
import { describeInLab } from "../available";
import { Lab, root } from "../../support/harness";
import { pingsWithin } from "../reach";
import type { MachineSpec, Spec } from "../../support/spec";

interface Images {
  images?: { host: string; source: string; usedBy: string[]; used: boolean }[];
  pruned?: object[];
}

const minutes = 60_000;
const copies = ["a", "b", "c"];

const machine = (name: string, image?: MachineSpec["image"]): MachineSpec => ({
  ...{ host: "one", bridge: "br0", addresses: [{ ipv6For: name }], onDelete: "delete", image },
});
const specOf = (machines: Spec["machines"], images: Spec["images"] = {}): Spec => ({
  hosts: { one: { server: {}, storage: { type: "btrfs", size: "6G" } } },
  bridges: { br0: { host: "one" } },
  machines,
  images,
});
const each = (names: string[], image: MachineSpec["image"]): Record<string, MachineSpec> =>
  Object.fromEntries(names.map((name) => [name, machine(name, image)]));

describeInLab("images that somebody has made", () => {
  const lab = new Lab("e2e-images");
  const stack = lab.stack("images");
  const web = { web: machine("web", { packages: ["openssh-server"] }) };
  const golden = { golden: { host: "one", machine: "web" } };
  const archive = join(lab.directory, "web.tar.gz");
  const onHost = async (text: string): Promise<string> => (await lab.sh("one", text)).trim();
  const inside = (name: string, text: string): Promise<string> =>
    onHost(`systemd-run -qM ${name} --pipe --wait --uid=root sh -c '${text}'`);
  const refused = async (spec: Spec, ...args: string[]): Promise<string> => {
    stack.declare(spec);
    const { code, output } = await stack.pulumi(...args);
    expect(code).not.toBe(0);
    return output;
  };
  const answer = async (names: string[]): Promise<void> => {
    const { machines } = await stack.outputs();
    for (const name of names) expect(await pingsWithin(lab, machines[name]?.ipv6 ?? "", 60)).toBeGreaterThanOrEqual(0);
  };
  const noDrift = async (): Promise<void> => {
    const { code, output } = await stack.drift();
    expect(code === 0 ? "" : output).toBe("");
  };

  beforeAll(async () => {
    await lab.down();
    await lab.up();
    await stack.init();
  }, 30 * minutes);
  afterAll(() => lab.down(), 2 * minutes);

  test(
    "of a machine make others with what is in it, and an identity of their own",
    async () => {
      await stack.up(specOf(web));
      await inside(
        "web",
        "echo by hand >/srv/page; useradd -m me; echo secret >/root/.ssh/authorized_keys2; chown me /srv/page",
      );
      await stack.up(specOf({ ...web, ...each(copies, { published: "golden" }) }, golden));
      await answer(["web", ...copies]);
      const all = ["web", ...copies];
      const said = await Promise.all(
        all.map((name) =>
          inside(
            name,
            "cat /etc/machine-id /etc/hostname; cut -d\\  -f 2 /etc/ssh/ssh_host_ed25519_key.pub; stat -c %U /srv/page; cat /srv/page",
          ),
        ),
      );
      const lines = said.map((text) => text.split("\n"));
      for (const [index, of] of [
        [0, 4],
        [2, 4],
      ] as const) {
        expect(new Set(lines.map((line) => line[index])).size).toBe(of);
        for (const line of lines) expect(line[index]).toMatch(/^(?:[0-9a-f]{32}|AAAA\S+)$/);
      }
      expect(lines.map(([, name, , ...page]) => [name, ...page])).toEqual(all.map((name) => [name, "me", "by hand"]));
      expect(await inside("a", "ls /root/.ssh")).toBe("authorized_keys");
      await noDrift();
    },
    15 * minutes,
  );

  test(
    "are not deleted as long as a machine is made of them, and are gone with the last",
    async () => {
      const known = each(copies, { published: "golden", version: "1" });
      expect(await refused(specOf({ ...web, ...known }), "up", "--yes", "--skip-preview")).toMatch(
        /the image is what machines of the host are made of: a, b, c; .*\[NSPAWN_OWNED\]/s,
      );
      await answer(copies);
      // By words alone they do not depend on it: they go by an up of their own.
      await stack.up(specOf(web, golden));
      await stack.up(specOf(web));
      expect(
        await onHost(
          "ls /var/lib/pulumi-nspawn/published 2>/dev/null || :; ls -d /var/lib/machines/.pulumi-nspawn/images/* | grep -vc lock",
        ),
      ).toBe("1");
    },
    10 * minutes,
  );

  test(
    "of an archive where the program runs are sent to a host once, for two machines",
    async () => {
      const none = specOf({ ...web, ...each(["d"], { localPath: "/var/none.tar" }) });
      expect(await refused(none, "preview")).toMatch(/image\.localPath: \/var\/none\.tar cannot be used: ENOENT/);
      const { hosts } = await stack.outputs();
      const { NSPAWN_LAB_SSH_KEY: key } = await lab.env();
      const pack =
        "cd /var/lib/machines/.pulumi-nspawn/images/*[0-9a-f] && tar --numeric-owner --xattrs -c --exclude=./dev/* . | gzip -1";
      const ssh = `ssh -i ${key} -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null root@${hosts.one?.ipv4}`;
      await lab.sh("operator", `${ssh} '${pack}' >${archive}`);
      const bytes = Number(await lab.sh("operator", `stat -c %s ${archive}`));
      expect(bytes).toBeGreaterThan(20e6);
      const received = async (): Promise<number> => Number(await onHost("cat /sys/class/net/eth0/statistics/rx_bytes"));
      const before = await received();
      await stack.up(specOf({ ...web, ...each(["d", "e"], { localPath: archive }) }));
      const came = (await received()) - before;
      expect([came > bytes, came < 1.5 * bytes]).toEqual([true, true]);
      await answer(["d", "e"]);
      expect(await inside("d", "cat /etc/machine-id")).not.toBe(await inside("e", "cat /etc/machine-id"));
      expect(
        (await stack.export()).deployment.resources?.find(({ urn }) => urn.endsWith("dynamic/nspawn:NspawnMachine::d"))
          ?.inputs?.image,
      ).toMatchObject({
        localPath: archive,
        bytes,
        sha256: (await lab.sh("operator", `sha256sum ${archive}`)).slice(0, 64),
      });
      await lab.sh("operator", `rm ${archive}`);
      await noDrift();
      await stack.up(specOf(web));
      const images = async (...args: string[]) => {
        const main = join(root, "bin", "cli", "main.js");
        return JSON.parse(await lab.out("operator", process.execPath, main, "images", "--json", ...args)) as Images;
      };
      expect(
        (await images()).images?.map(({ usedBy, used }) => ({ usedBy, used })).sort((a) => (a.used ? -1 : 1)),
      ).toEqual([
        { usedBy: ["web"], used: true },
        { usedBy: [], used: false },
      ]);
      expect((await images("--prune", "--yes")).pruned).toMatchObject([
        { host: "one", images: [expect.any(String)], warnings: [] },
      ]);
      expect((await images()).images).toMatchObject([
        { host: "one", usedBy: ["web"], source: expect.stringMatching(/debootstrap/) },
      ]);
      await stack.destroy();
    },
    15 * minutes,
  );
});
