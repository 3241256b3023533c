import { describeInLab } from "../available";
import { Lab, run } from "../../support/harness";
import { runOf } from "../reach";
import { soon } from "../restarts";
import type { MachineSpec, Spec } from "../../support/spec";

const minutes = 60_000;
const often = { interval: 5, timeout: 2, retries: 2 };

/** `web` has a service that is looked after, and comes back when it is killed; `hung` has its service manager watched. */
const looked: Record<string, Partial<MachineSpec>> = {
  web: { health: { tcp: 22, ...often }, restart: "on-failure", restartDelay: 1 },
  hung: { health: { manager: true, ...often } },
};

const specOf = (of: Record<string, Partial<MachineSpec>>): Spec => ({
  hosts: { one: { server: {} } },
  bridges: { br0: { host: "one" } },
  machines: Object.fromEntries(
    ["web", "hung"].map((name) => [name, { host: "one", bridge: "br0", addresses: [{ ipv6For: name }], ...of[name] }]),
  ),
});

interface Listed {
  name: string;
  state: string;
  unit?: string;
  uptime?: number;
  health?: { state: string; restarts: number; restarted?: string; failures: number };
}

describeInLab("a machine that is looked after", () => {
  const lab = new Lab("e2e-health");
  const stack = lab.stack("health");
  const onHost = async (text: string): Promise<string> => (await lab.sh("one", text)).trim();
  const unit = (machine: string): string => `systemd-nspawn@${machine}.service`;
  const leader = (machine: string): string => `$(machinectl show ${machine} -p Leader --value)`;
  const inside = (machine: string, text: string) =>
    lab.out("one", "systemd-run", "-qM", machine, "--pipe", "--wait", "sh", "-c", text);
  const ls = (...words: string[]) =>
    run([process.execPath, "bin/cli/main.js", "ls", "--lab", lab.name, "--stack", stack.name, ...words]);
  const listed = async (machine: string): Promise<Listed> => {
    const { machines } = JSON.parse((await ls("--json")).stdout) as { machines: Listed[] };
    return machines.find(({ name }) => name === machine)!;
  };
  /** After its restart by the check it is another run of itself, healthy, and ls says so. */
  const isBack = (machine: string, before: string, restarts: number) =>
    soon(async () => {
      expect(await runOf(lab, "one", machine)).not.toBe(before);
      expect(await listed(machine)).toMatchObject({ unit: "active", health: { state: "healthy", restarts } });
    });

  beforeAll(async () => {
    await lab.down();
    await lab.up();
    await stack.init();
    await stack.up(specOf(looked));
  }, 30 * minutes);
  afterAll(() => lab.down(), 10 * minutes);

  test(
    "is healthy, and ls says that and since when it runs",
    async () => {
      await soon(async () => {
        for (const machine of ["web", "hung"])
          expect(await listed(machine)).toMatchObject({ health: { state: "healthy", restarts: 0, failures: 0 } });
      });
      const { unit: state, uptime } = await listed("web");
      expect([state, uptime! > 0, uptime! < 3600]).toEqual(["active", true, true]);
      expect((await ls()).stdout).toMatch(/NAME.*STATE.*UPTIME.*HEALTH[^]*web.*running.* (s|min) .*healthy/);
      expect((await ls("--offline")).stdout).not.toMatch(/HEALTH|UPTIME/);
      expect((await stack.drift()).code).toBe(0);
    },
    10 * minutes,
  );

  test(
    "is restarted when its service dies, and when its service manager hangs; a killed one comes back as its restart says",
    async () => {
      const [web, hung] = [await runOf(lab, "one", "web"), await runOf(lab, "one", "hung")];
      // It is killed after 20 s: systemd would wait 90, and meanwhile start no other machine.
      await onHost(`kill -STOP ${leader("hung")}`);
      await inside("web", "systemctl stop ssh.socket ssh.service 2>/dev/null || systemctl stop ssh.service");
      await isBack("web", web, 1);
      expect(Date.parse((await listed("web")).health?.restarted ?? "")).toBeGreaterThan(Date.now() - 3 * minutes);
      expect((await ls()).stdout).toMatch(/restarted 1×, last \d{4}-\d\d-\d\d \d\d:\d\d UTC/);
      const again = await runOf(lab, "one", "web");
      await onHost(`kill -9 $(systemctl show -p MainPID --value ${unit("web")})`);
      await isBack("web", again, 1);
      await isBack("hung", hung, 1);
    },
    5 * minutes,
  );

  test(
    "stays stopped when somebody stops it",
    async () => {
      await onHost(`systemctl stop ${unit("web")}; sleep 20`);
      expect(await onHost(`systemctl is-active ${unit("web")} || :`)).toBe("inactive");
      expect(await listed("web")).toMatchObject({ state: "running", unit: "inactive" });
      expect((await ls()).stdout).toMatch(/web.*stopped/);
      await onHost(`systemctl start ${unit("web")}`);
    },
    2 * minutes,
  );

  test(
    "is drift where somebody stops its timer or edits its service, and repaired",
    async () => {
      const [service, timer] = ["pulumi-nspawn-health-web.service", "pulumi-nspawn-health-web.timer"];
      await onHost(
        `systemctl disable --now ${timer}; echo '# mine' >>/etc/systemd/system/${service}; systemctl daemon-reload`,
      );
      const { code, output } = await stack.drift();
      expect(code).not.toBe(0);
      expect(output).toMatch(/# mine/);
      expect(output).toMatch(/pulumi-nspawn-health-web\.timer\W+ "?(inactive|disabled)/);
      await stack.up(specOf(looked), "--refresh");
      expect(await onHost(`systemctl is-active ${timer}; systemctl is-enabled ${timer} ${service}`)).toBe(
        "active\nenabled\nstatic",
      );
      expect((await stack.drift()).code).toBe(0);
    },
    10 * minutes,
  );

  test(
    "is healthy by a command of its own, which gets its words as they are, and is only told of where that is wanted",
    async () => {
      const command = ["/bin/sh", "-c", 'test "$1" = "it\'s \\$HOME %i" && test -e /run/well', "sh", "it's $HOME %i"];
      const before = await runOf(lab, "one", "web");
      await stack.up(specOf({ ...looked, web: { health: { command, ...often, startPeriod: 0, action: "none" } } }));
      await soon(async () =>
        expect(await listed("web")).toMatchObject({
          health: { state: "unhealthy", why: expect.stringContaining("exit code 1") as string },
        }),
      );
      await inside("web", "touch /run/well");
      await soon(async () => expect(await listed("web")).toMatchObject({ health: { state: "healthy" } }));
      expect(await runOf(lab, "one", "web")).toBe(before);
    },
    10 * minutes,
  );

  test(
    "is refused with a check that is none, and without one leaves nothing on the host, and is not restarted for it",
    async () => {
      stack.declare(specOf({ ...looked, web: { health: { tcp: 0, command: ["/bin/true"], interval: 1 } } }));
      const { output } = await stack.pulumi("preview");
      for (const said of [/health: must have one of/, /health\.tcp: must be/, /health\.interval: must be/])
        expect(output).toMatch(said);
      const before = [await runOf(lab, "one", "web"), await runOf(lab, "one", "hung")];
      await stack.up(specOf({ web: { running: false } }));
      expect(
        await onHost(
          "find /etc /run ! -type d \\( -name '*nspawn-health*' -o -path '/*/pulumi-nspawn/health/*' -o -path '/*/pulumi-nspawn/start/*' -o -path '/run/pulumi-nspawn-health/*' \\); systemctl list-units --all --no-legend 'pulumi-nspawn-health-*'",
        ),
      ).toBe("");
      expect(await runOf(lab, "one", "hung")).toBe(before[1]);
      expect((await stack.drift()).code).toBe(0);
    },
    10 * minutes,
  );
});
