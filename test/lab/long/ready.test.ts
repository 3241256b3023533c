import { describeInLab } from "../available";
import { Lab } from "../../support/harness";
import { runOf } from "../reach";
import type { MachineSpec, Spec } from "../../support/spec";

const minutes = 60_000;

const specOf = (readyWhen: MachineSpec["readyWhen"]): Spec => ({
  hosts: { one: { server: {} } },
  bridges: { br0: { host: "one" } },
  machines: {
    web: { host: "one", bridge: "br0", addresses: [{ ipv6For: "web" }], image: { packages: ["nginx"] }, readyWhen },
  },
});

describeInLab("a machine whose services have to answer", () => {
  const lab = new Lab("e2e-ready");
  const stack = lab.stack("ready");
  const up = (readyWhen: MachineSpec["readyWhen"]) => {
    stack.declare(specOf(readyWhen));
    return stack.pulumi("up", "--yes", "--skip-preview");
  };
  const inside = (text: string) => lab.out("one", "systemd-run", "-qM", "web", "--pipe", "--wait", "sh", "-c", text);

  beforeAll(async () => {
    await lab.down();
    await lab.up();
    await stack.init();
  }, 30 * minutes);
  afterAll(() => lab.down(), 2 * minutes);

  test(
    "is ready when they do",
    async () => {
      const { code, output } = await up({ tcp: 80, http: { port: 80 }, reachable: true });
      expect([code, code === 0 ? "" : output]).toEqual([0, ""]);
      expect(await inside("curl -s http://localhost/ || ss -ltn")).toMatch(/nginx|:80 /);
    },
    15 * minutes,
  );

  test(
    "fails the update, which says what was found, and the next one tries it again without a restart",
    async () => {
      const before = await runOf(lab, "one", "web");
      await inside("rm -f /var/www/html/health");
      const { code, output } = await up({ http: { port: 80, path: "/health" } });
      expect(code).not.toBe(0);
      expect(output).toMatch(
        /the machine web runs, and its port 80 \(\/health\) does not answer after 180 s: \S+ says 404; .*\[NSPAWN_NOT_READY\]/s,
      );
      const again = up({ http: { port: 80, path: "/health" } });
      await inside("echo well >/var/www/html/health");
      expect((await again).code).toBe(0);
      expect(await runOf(lab, "one", "web")).toBe(before);
      expect((await stack.drift()).code).toBe(0);
    },
    15 * minutes,
  );
});
