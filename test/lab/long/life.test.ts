import type { Properties } from "../../support/driver";
import { describeInLab } from "../available";
import { Lab } from "../../support/harness";
import { OneHost } from "../one-host";
import { rebooted, soon } from "../restarts";

const minutes = 60_000;
const unit = (machine: string): string => `systemd-nspawn@${machine}.service`;

/** The answer may be lost with the machine. */
const poweroff = "systemctl -M a poweroff || :";

describeInLab("the life of a machine", () => {
  const lab = new Lab(`life-${process.pid}`);
  const at = new OneHost(lab);
  const up = (name: string, changes: Properties = {}): Promise<void> =>
    at.must("nspawnMachine", name, at.machine(name, undefined, changes));
  const onHost = async (text: string): Promise<string> => (await lab.sh("one", text)).trim();
  const show = (property: string, machine: string): Promise<string> =>
    onHost(`systemctl show -p ${property} --value ${unit(machine)}`);
  const started = (machine: string): Promise<string> => show("ExecMainStartTimestampMonotonic", machine);
  const isRunning = (machine: string): Promise<void> =>
    soon(async () => expect(await onHost(`systemctl -M ${machine} is-system-running`)).toBe("running"));

  /** Done on the host, after which the machine is another run of itself, and ready. */
  async function comesBack(machine: string, text: string): Promise<void> {
    const before = await started(machine);
    await onHost(text);
    await soon(async () => {
      expect(await show("ActiveState", machine)).toBe("active");
      expect(await started(machine)).not.toBe(before);
    });
    await isRunning(machine);
  }

  beforeAll(async () => {
    await at.prepare();
    await up("a");
    await up("b");
  }, 20 * minutes);
  afterAll(() => lab.down(), 10 * minutes);

  it(
    "has limits that change while it runs, where the kernel has their controllers or they are optional",
    async () => {
      const before = await started("a");
      const limits = { memoryHigh: 402653184, memoryMax: 536870912 };
      if (!(await onHost("cat /sys/fs/cgroup/cgroup.controllers")).includes("memory")) {
        const { error } = await at.up("nspawnMachine", "a", at.machine("a", undefined, { limits }));
        expect(error?.message).toMatch(/limits need the kernel's controllers memory .*NSPAWN_KERNEL_FEATURE/s);
        expect(await show("MemoryHigh", "a")).toBe("infinity");
      }
      await up("a", { limits: { ...limits, optional: true } });
      expect([await show("MemoryHigh", "a"), await show("MemoryMax", "a")]).toEqual(["402653184", "536870912"]);
      await onHost(`systemctl set-property --runtime ${unit("a")} MemoryHigh=100M`);
      expect((await at.refresh("a")).live).toMatchObject({
        limits: { MemoryHigh: "104857600", MemoryMax: "536870912" },
      });
      await up("a", { limits: { ...limits, optional: true } });
      expect((await at.refresh("a")).live).toMatchObject({ limits: { MemoryHigh: "402653184" } });
      await up("a");
      expect([await show("MemoryHigh", "a"), await started("a")]).toEqual(["infinity", before]);
    },
    5 * minutes,
  );

  it(
    "comes back when it is killed, from the moment that its program says so",
    async () => {
      const before = await started("a");
      await up("a", { restart: "on-failure", restartDelay: 1 });
      expect(await started("a")).toBe(before);
      await comesBack("a", "kill -9 $(machinectl show a -p Leader --value)");
      await comesBack("a", `kill -9 $(systemctl show -p MainPID --value ${unit("a")})`);
      // Without the limit of five starts in ten seconds.
      for (let times = 0; times < 6; times++)
        await onHost(
          `until pid=$(systemctl show -p MainPID --value ${unit("a")}) && [ "$pid" -gt 0 ]; do sleep 0.1; done; kill -9 "$pid"`,
        );
      await soon(async () => expect(await show("ActiveState", "a")).toBe("active"));
      await isRunning("a");
      expect(Number(await show("NRestarts", "a"))).toBeGreaterThanOrEqual(8);
      const { live } = await at.refresh("a");
      expect(live).toMatchObject({ units: { [unit("a")]: "active" }, ready: "running" });
    },
    10 * minutes,
  );

  it(
    "stays stopped after a shutdown from inside, unless it is always to come back",
    async () => {
      await up("a", { restart: "on-failure", restartDelay: 1 });
      await onHost(poweroff);
      await soon(async () => expect(await show("ActiveState", "a")).toBe("inactive"));
      await onHost("sleep 4");
      expect(await show("ActiveState", "a")).toBe("inactive");
      await up("a", { restart: "always", restartDelay: 1 });
      await comesBack("a", poweroff);
      await onHost(`systemctl stop ${unit("a")}; sleep 4`);
      expect(await show("ActiveState", "a")).toBe("inactive");
    },
    5 * minutes,
  );

  it(
    "is stopped for good by its program, also while it waits for its next start",
    async () => {
      await up("a", { restart: "always", restartDelay: 600 });
      await onHost(`kill -9 $(systemctl show -p MainPID --value ${unit("a")})`);
      await soon(async () => expect(await show("SubState", "a")).toBe("auto-restart"));
      expect((await at.refresh("a")).live).toMatchObject({ units: { [unit("a")]: "activating" } });
      await up("a", { restart: "always", restartDelay: 600, running: false });
      expect(await show("ActiveState", "a")).toBe("inactive");
    },
    5 * minutes,
  );

  it(
    "has a place in the order of a boot: it starts once those before it are running",
    async () => {
      // The second by name, and slow.
      const slow = "[Service]\nType=oneshot\nExecStart=/bin/sleep 12\n[Install]\nWantedBy=multi-user.target\n";
      await at.inside("b", `printf '${slow}' >/etc/systemd/system/slow.service; systemctl enable slow.service`);
      await up("a", { startAfter: ["b"] });
      await rebooted(lab, "one");
      await soon(async () => expect(await show("ActiveState", "a")).toBe("active"));
      // One clock, inside and outside.
      const finished = await onHost("systemctl -M b show -p FinishTimestampMonotonic --value");
      expect(Number(finished)).toBeGreaterThan(12e6);
      expect(Number(await started("a"))).toBeGreaterThan(Number(finished));
      expect(Number(await started("b"))).toBeLessThan(Number(finished) - 12e6);
      await up("a");
      await rebooted(lab, "one");
      await soon(async () => expect(await show("ActiveState", "a")).toBe("active"));
      await isRunning("b");
      const again = await onHost("systemctl -M b show -p FinishTimestampMonotonic --value");
      expect(Number(await started("a"))).toBeLessThan(Number(again));
    },
    10 * minutes,
  );
});
