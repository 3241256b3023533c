import { describeInLab } from "../available";
import { Lab, type Result, type Running } from "../../support/harness";
import { descendants, engineBelow, providerBelow } from "../processes";
import type { MachineSpec, Spec } from "../../support/spec";

const minutes = 60_000;
const up = ["up", "--yes", "--skip-preview"];

async function until(what: string, seconds: number, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`${what}: not within ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const says = (running: Running, text: RegExp): Promise<void> =>
  until(`pulumi says ${text.source}`, 240, () => text.test(running.said.output)).catch((error: Error) => {
    throw new Error(`${error.message}\n${running.said.output}`);
  });

/** Ends by the engine's own words or by a signal; never as if nothing had happened. */
function expectBroken(result: Result): void {
  expect(result.code).not.toBe(0);
}

describeInLab("an `up` that dies in the middle", () => {
  const lab = new Lab("e2e-interrupted");
  const stack = lab.stack("main");
  const machine = (name: string): MachineSpec => ({
    host: "h1",
    bridge: "br0",
    addresses: [{ ipv6For: name }],
    onDelete: "delete",
  });
  const declared: string[] = [];
  const spec = (): Spec => ({
    hosts: { h1: { server: {} } },
    bridges: { br0: { host: "h1" } },
    machines: Object.fromEntries(declared.map((name) => [name, machine(name)])),
  });

  /** No program of ours is at work on the host: it finished, or took everything back. */
  const hostRests = () =>
    until("the host rests", 240, async () => {
      const { stdout } = await lab.exec("h1", ["sh", "-c", "ls -d /run/pulumi-nspawn.* 2>/dev/null | wc -l"]);
      return stdout.trim() === "0";
    });

  /** What a machine is: another tree or another start would be another machine. */
  const identity = (name: string) =>
    lab.sh("h1", `stat -c %i /var/lib/machines/${name}; machinectl show ${name} -p Leader --value`);

  async function converges(): Promise<void> {
    const again = await stack.pulumi(...up);
    expect([again.code, again.output]).toEqual([0, expect.not.stringContaining("error:")]);
    const names = [...declared].sort();
    const { deployment } = await stack.export();
    const inState = deployment.resources?.filter(({ type }) => type.endsWith("dynamic/nspawn:NspawnMachine"));
    expect(inState?.map(({ inputs }) => inputs?.name as string).sort()).toEqual(names);
    const lines = async (script: string) => (await lab.sh("h1", script)).trim().split("\n").filter(Boolean).sort();
    // nspawn's own lock files stay: `.#one.lck`.
    expect(await lines("ls -A /var/lib/machines | grep -v '[.]lck$' || :")).toEqual(names);
    expect(await lines("machinectl list --no-legend | awk '{ print $1 }'")).toEqual(names);
    expect(await lines("cat /var/lib/pulumi-nspawn/owners/*/machine 2>/dev/null || :")).toEqual(names);
    expect(await lines("sed -n 's/^owner\\t//p' /var/lib/pulumi-nspawn/owners/*/record")).toHaveLength(
      names.length + 2,
    );
    const drift = await stack.drift();
    expect([drift.code, drift.output]).toEqual([0, expect.not.stringContaining("error:")]);
  }

  beforeAll(async () => {
    await lab.down();
    await lab.up();
    await stack.init();
  }, 25 * minutes);
  afterAll(() => lab.down(), 10 * minutes);

  test(
    "the provider is killed when a new host has just been prepared, its host key changed",
    async () => {
      stack.declare(spec());
      const running = stack.start(...up);
      await says(running, /installing/);
      process.kill(providerBelow(running.pid), "SIGSTOP");
      await hostRests();
      process.kill(providerBelow(running.pid), "SIGKILL");
      expectBroken(await running.ended);
      expect(JSON.stringify(await stack.export())).not.toContain("dynamic/nspawn:NspawnHost::");
      await converges();
    },
    10 * minutes,
  );

  test(
    "the provider is killed when a machine has just been made: it is taken up as it is",
    async () => {
      declared.push("one");
      stack.declare(spec());
      const running = stack.start(...up);
      await says(running, /cloning the image/);
      process.kill(providerBelow(running.pid), "SIGSTOP");
      await hostRests();
      process.kill(providerBelow(running.pid), "SIGKILL");
      expectBroken(await running.ended);
      const made = await identity("one");
      await converges();
      expect(await identity("one")).toBe(made);
    },
    10 * minutes,
  );

  test(
    "all of the engine is killed while a machine is made, and the stack stays locked",
    async () => {
      declared.push("two");
      stack.declare(spec());
      const running = stack.start(...up);
      await says(running, /two creating \(\d+s\) cloning the image/);
      // The whole client dies, as when its computer does.
      for (const { pid } of descendants(engineBelow(running.pid))) process.kill(pid, "SIGKILL");
      process.kill(engineBelow(running.pid), "SIGKILL");
      expectBroken(await running.ended);
      const locked = await stack.pulumi(...up);
      expect(locked.output).toContain("is currently locked");
      expect((await stack.pulumi("cancel", "--yes")).code).toBe(0);
      await converges();
    },
    10 * minutes,
  );

  test.each([
    ["once: the engine lets the running work end", "three", 1],
    ["twice: the engine ends at once", "four", 2],
  ])(
    "Ctrl-C is pressed %s",
    async (_how, name, times) => {
      declared.push(name);
      stack.declare(spec());
      const running = stack.start(...up);
      await says(running, new RegExp(`${name} creating \\(\\d+s\\) cloning the image`));
      const engine = engineBelow(running.pid);
      for (let press = 0; press < times; press += 1) {
        process.kill(engine, "SIGINT");
        await new Promise((resolve) => setTimeout(resolve, 300));
      }
      expectBroken(await running.ended);
      await stack.pulumi("cancel", "--yes");
      await converges();
    },
    10 * minutes,
  );

  test(
    "`pulumi cancel` takes the lock away while a machine is made",
    async () => {
      declared.push("five");
      stack.declare(spec());
      const running = stack.start(...up);
      await says(running, /five creating \(\d+s\) cloning the image/);
      expect((await stack.pulumi("cancel", "--yes")).code).toBe(0);
      await running.ended;
      await converges();
    },
    10 * minutes,
  );

  test(
    "leaves nothing that `destroy` does not find",
    async () => {
      await stack.destroy();
      expect((await stack.export()).deployment.resources ?? []).toEqual([]);
    },
    5 * minutes,
  );
});
