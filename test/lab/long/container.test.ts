import { readFileSync } from "node:fs";
import { join } from "node:path";
import { capabilities, withheldCapabilities } from "../../../provider/model/capabilities";
import { droppedCapabilities } from "../../../provider/model/confinement";
import { describeInLab } from "../available";
import { Lab } from "../../support/harness";
import { OneHost } from "../one-host";
import { pingsWithin } from "../reach";

const minutes = 60_000;
const unit = "systemd-nspawn@a.service";

/** What tells one clone from another. */
function identityIn(said: string): { id: string; key: string; files: string[] } {
  const [id = "", key = "", ...files] = said.split("\n");
  return { id, key, files };
}

describeInLab("a machine is confined", () => {
  const lab = new Lab(`container-${process.pid}`);
  const at = new OneHost(lab);
  const address = (): string => at.host("one").floating;
  const keys = (): object => ({
    authorizedKeys: [readFileSync(join(lab.directory, "operator_ed25519.pub"), "utf8").trim()],
  });
  const up = (changes: object = {}): Promise<void> =>
    at.must("nspawnMachine", "a", at.machine("a", address(), { ...keys(), ...changes }));
  const refused = async (changes: object): Promise<string> =>
    (await at.up("nspawnMachine", "a", at.machine("a", address(), { ...keys(), ...changes }))).error?.message ?? "";
  const onHost = async (text: string): Promise<string> => (await lab.sh("one", text)).trim();
  const started = (): Promise<string> => onHost(`systemctl show -p ActiveEnterTimestampMonotonic --value ${unit}`);
  const inside = (text: string): Promise<string> => at.inside("a", text);

  /** Attempts of guest/escape.py, by name. */
  async function attempts(): Promise<Map<string, string>> {
    const probe = readFileSync(join(__dirname, "..", "guest", "escape.py"), "utf8");
    const said = await inside(`cat >/run/escape.py <<'END'\n${probe}\nEND\ntimeout 60 python3 /run/escape.py`);
    return new Map(said.split("\n").map((line) => [line.slice(0, line.lastIndexOf(" ")), line.split(" ").pop() ?? ""]));
  }

  beforeAll(async () => {
    await at.prepare();
    // As a machine of an older version.
    await up({ confined: false });
    await at.must("nspawnMachine", "b", at.machine("b", undefined));
  }, 20 * minutes);
  afterAll(() => lab.down(), 10 * minutes);

  it(
    "becomes so in place, by a restart",
    async () => {
      expect((await attempts()).get("call io_uring_setup")).not.toBe("EPERM");
      const before = [await started(), await inside("cat /etc/machine-id")];
      await up();
      expect([(await started()) === before[0], await inside("cat /etc/machine-id")]).toEqual([false, before[1]]);
      expect(await onHost("cat /etc/systemd/nspawn/a.nspawn")).toContain("DropCapability=CAP_AUDIT_CONTROL");
    },
    5 * minutes,
  );

  it(
    "has the capabilities that are left, a filter, and users of its own",
    async () => {
      const status = await inside("cat /proc/1/status; cat /proc/self/uid_map");
      const bounding = BigInt(`0x${/^CapBnd:\s*(\w+)$/m.exec(status)?.[1]}`);
      const given = capabilities.filter((_, index) => (bounding >> BigInt(index)) & 1n);
      const without = [...withheldCapabilities, ...droppedCapabilities];
      expect(given).toEqual(capabilities.filter((name) => !without.includes(name)));
      expect(status).toMatch(/^Seccomp:\s*2$/m);
      expect(status).toMatch(/^\s+0\s+[1-9]\d{5,}\s+65536$/m);
      // On the host its processes are nobody's, and its files are still root's.
      expect(Number(await onHost(`stat -c %u /proc/$(machinectl show a -p Leader --value)`))).toBeGreaterThan(65535);
      expect(await onHost("stat -c %u /var/lib/machines/a /var/lib/machines/a/etc/passwd")).toBe("0\n0");
    },
    minutes,
  );

  it(
    "gets nothing of the host",
    async () => {
      const before = await onHost("sysctl -a 2>/dev/null | grep -E '^kernel.(core_pattern|hostname|panic|printk) '");
      const all = await attempts();
      expect(all.size).toBeGreaterThan(45);
      expect([...all].filter(([, how]) => !/^E[A-Z]+$/.test(how))).toEqual([]);
      for (const [name, how] of all) if (/^(call|mknod) /.test(name)) expect([name, how]).toEqual([name, "EPERM"]);
      expect(await onHost("sysctl -a 2>/dev/null | grep -E '^kernel.(core_pattern|hostname|panic|printk) '")).toBe(
        before,
      );
    },
    2 * minutes,
  );

  it(
    "does what a Debian guest does",
    async () => {
      expect(await inside("systemctl is-system-running; systemctl --failed --no-legend | wc -l")).toBe("running\n0");
      expect(await pingsWithin(lab, address(), 20)).toBeGreaterThanOrEqual(0);
      const ssh = "ssh -n -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null";
      expect(await lab.sh("operator", `${ssh} root@${address()} 'id -un; loginctl --no-legend | wc -l'`)).toMatch(
        /^root\n[1-9]/,
      );
      const gateway = "$(ip -4 route show default | sed 's/.*via \\([^ ]*\\).*/\\1/')";
      await inside(`ping -c 1 -W 3 ${gateway}; useradd -m -s /bin/bash bob; loginctl enable-linger bob`);
      expect(await inside("su bob -c 'id -un'; sudo -u bob id -un; sudo -u bob sudo -n true 2>&1 | wc -l")).toBe(
        "bob\nbob\n1",
      );
      await inside(
        "until systemctl -q is-active user@$(id -u bob); do sleep 0.2; done; su bob -c 'systemctl --user is-system-running --wait'",
      );
      const sandbox =
        "-p DynamicUser=yes -p PrivateDevices=yes -p PrivateTmp=yes -p ProtectSystem=strict -p PrivateUsers=yes -p SystemCallFilter=@system-service";
      expect(
        await inside(
          `systemd-run -q --wait --pipe ${sandbox} -p Nice=-5 -p LimitNOFILE=65536 -p OOMScoreAdjust=-500 echo ran`,
        ),
      ).toBe("ran");
      expect(await onHost("machinectl -q shell a /bin/echo shell </dev/null | tr -d '\\r'")).toContain("shell");
      expect(
        await inside("(crontab -l 2>/dev/null; echo '* * * * * touch /run/cron-ran') | crontab - && crontab -l"),
      ).toContain("cron-ran");
    },
    3 * minutes,
  );

  it(
    "installs packages, and reboots from inside",
    async () => {
      // The lab's mirror has no translations; a host's image in the lab does without them by the same setting.
      await inside(
        "apt-get -q -o Acquire::Languages=none update && DEBIAN_FRONTEND=noninteractive apt-get -qy install --no-install-recommends tcpdump && tcpdump --version >&2",
      );
      const boot = "systemctl show -p UserspaceTimestampMonotonic --value";
      const before = await inside(boot);
      await lab.exec("one", ["systemd-run", "-q", "--machine=a", "systemctl", "reboot"]);
      await onHost(
        `until now=$(systemctl --machine=a show -p UserspaceTimestampMonotonic --value 2>/dev/null) && [ -n "$now" ] && [ "$now" != ${before} ]; do sleep 0.5; done
         until systemctl --machine=a is-system-running 2>/dev/null | grep -q running; do sleep 0.5; done`,
      );
      expect(await inside(boot)).not.toBe(before);
      expect(await onHost(`systemctl is-active ${unit}`)).toBe("active");
    },
    5 * minutes,
  );

  it(
    "shares neither id nor keys with another clone of its image",
    async () => {
      const identity = "cat /etc/machine-id /etc/ssh/ssh_host_*_key.pub; ls /etc/ssh/ssh_host_*_key";
      const [one, other] = [await at.inside("a", identity), await at.inside("b", identity)].map(identityIn);
      for (const { id, key, files } of [one!, other!]) {
        expect(id).toMatch(/^[0-9a-f]{32}$/);
        expect(key).toMatch(/^ssh-ed25519 AAAA/);
        expect(files).toEqual(["/etc/ssh/ssh_host_ed25519_key"]);
      }
      expect(one!.id).not.toBe(other!.id);
      expect(one!.key.split(" ")[1]).not.toBe(other!.key.split(" ")[1]);
      const image = "/var/lib/machines/.pulumi-nspawn/images/*";
      expect(
        await onHost(`cat ${image}/etc/machine-id | wc -c; find ${image}/etc/ssh -name 'ssh_host_*' | wc -l`),
      ).toBe("0\n0");
    },
    minutes,
  );

  it(
    "is what its file in /etc says, whatever others have put beside its tree or in /run",
    async () => {
      const loose = "[Exec]\nPrivateUsers=no\nCapability=all\n";
      await onHost(
        `mkdir -p /run/systemd/nspawn; printf '${loose}' | tee /run/systemd/nspawn/a.nspawn >/var/lib/machines/a.nspawn`,
      );
      await onHost(`systemctl restart ${unit}; until systemctl -q --machine=a is-active dbus; do sleep 0.2; done`);
      expect(await inside("grep -c 000001ffffffffff /proc/1/status || :; cut -c1-30 /proc/self/uid_map")).toMatch(
        /^0\n\s+0\s+[1-9]\d{5,}/,
      );
      await onHost("rm /run/systemd/nspawn/a.nspawn /var/lib/machines/a.nspawn");
    },
    2 * minutes,
  );

  it(
    "has limits that are repaired while it runs",
    async () => {
      const limits = { memoryHigh: 402653184, memoryMax: 536870912, tasksMax: 300, cpuQuota: 150, optional: true };
      const wanted = { CPUQuota: "150%", MemoryHigh: "402653184", MemoryMax: "536870912", TasksMax: "300" };
      const before = await started();
      if ((await onHost("cat /sys/fs/cgroup/cgroup.controllers")).includes("pids") === false)
        expect(await refused({ limits: { ...limits, optional: false } })).toContain(
          "limits need the kernel's controllers",
        );
      await up({ limits });
      await onHost(`systemctl set-property --runtime ${unit} TasksMax=77 CPUQuota=10%`);
      const { live } = await at.refresh("a");
      expect(live).toMatchObject({ limits: { ...wanted, TasksMax: "77", CPUQuota: "10%" } });
      await up({ limits });
      expect((await at.refresh("a")).live).toMatchObject({ limits: wanted });
      await up();
      expect(await onHost(`systemctl show -p TasksMax --value ${unit}`)).toBe("16384");
      expect(await started()).toBe(before);
    },
    3 * minutes,
  );

  it("holds tasks back where the kernel has the controller", async () => {
    const controllers = await onHost("cat /sys/fs/cgroup/cgroup.controllers");
    if (!controllers.split(" ").includes("pids")) {
      process.stderr.write("not shown: tasksMax holds; this lab's kernel gives its hosts no pids controller\n");
      return;
    }
    await up({ limits: { tasksMax: 100 } });
    expect(await inside("for i in $(seq 200); do sleep 5 & done 2>&1 | grep -c 'Resource temporarily'")).toMatch(
      /[1-9]/,
    );
    await up();
  });

  it(
    "mounts what is its own, through no link",
    async () => {
      const files = { bind: [{ source: "/srv/a", map: "rootidmap" }], temporaryFileSystem: ["/scratch"] };
      await onHost("mkdir -p /srv/a");
      expect(await refused({ settings: { files } })).toContain("belongs to the host's root");
      await onHost("chown 1234:1234 /srv/a");
      await up({ settings: { files, exec: { environment: { GREETING: "good day" }, noNewPrivileges: true } } });
      expect(await inside("touch /srv/a/x; stat -c %u /srv/a/x; tr '\\0' '\\n' </proc/1/environ | grep GREET")).toBe(
        "0\nGREETING=good day",
      );
      expect(await onHost("stat -c %u /srv/a/x")).toBe("1234");
      expect(await inside("su bob -c 'sudo -n true 2>&1'; grep NoNewPrivs /proc/1/status")).toMatch(
        /no new privileges[^]*\t1$/,
      );
      await onHost("mv /srv/a /srv/other; ln -s /etc /srv/a");
      expect((await lab.exec("one", ["systemctl", "restart", unit])).output).toContain("Assertion failed");
      expect(await refused({ settings: { files, exec: {} } })).toContain("leads through a link to /etc");
      await up();
      expect(await inside("ls -d /srv/a 2>&1 | wc -l; grep NoNewPrivs /proc/1/status")).toMatch(/\t0$/);
    },
    4 * minutes,
  );
});
