import { Lab } from "../../support/harness";
import type { FleetSpec, Spec } from "../../support/spec";
import { describeInLab } from "../available";
import { pingsWithin } from "../reach";

const minutes = 60_000;
const unit = (machine: string): string => `systemd-nspawn@${machine}.service`;

const usual: FleetSpec = {
  on: [
    { host: "one", bridge: "br0-one" },
    { host: "two", bridge: "br0-two" },
  ],
  template: { onDelete: "delete" },
};
const settings = (exec: Record<string, unknown>): FleetSpec["template"] => ({ ...usual.template, settings: { exec } });
/** What restarts a machine, and nothing else. */
const round = (number: number): FleetSpec["template"] => settings({ environment: { ROUND: `${number}` } });

const spec = (fleet: Partial<FleetSpec>): Spec => ({
  hosts: { one: { server: {} }, two: { server: {} } },
  bridges: { "br0-one": { host: "one", bridge: "br0" }, "br0-two": { host: "two", bridge: "br0" } },
  fleets: { web: { ...usual, ...fleet } },
});

/** Microseconds of the clock that all hosts of the lab have. */
interface Run {
  /** The end of the run before it began; 0 where there is none. */
  stopped: number;
  started: number;
  /** Its service manager has finished starting. */
  ready: number;
}

describeInLab("a fleet on two hosts", () => {
  const lab = new Lab("e2e-fleet");
  const stack = lab.stack("fleet");

  const members = async (): Promise<Record<string, string[]>> => (await stack.outputs()).fleets.web?.byHost ?? {};

  async function runOf(host: string, machine: string): Promise<Run> {
    const show = `systemctl show --value -p ActiveExitTimestampMonotonic -p ExecMainStartTimestampMonotonic ${unit(machine)}`;
    const text = await lab.sh(host, `${show}; systemctl -M ${machine} show --value -p FinishTimestampMonotonic`);
    // In the order in which systemd has them.
    const [a = 0, b = 0, ready = 0] = text.split("\n").filter(Boolean).map(Number);
    return { stopped: Math.min(a, b), started: Math.max(a, b), ready };
  }

  /** The runs of all members that are running, by name. */
  async function runs(): Promise<Record<string, Run>> {
    const found: [string, Run][] = [];
    for (const host of ["one", "two"]) {
      const text = await lab.sh(host, "machinectl list --no-legend | awk '$1 ~ /^web-/ { print $1 }'");
      for (const name of text.split("\n").filter(Boolean).sort()) found.push([name, await runOf(host, name)]);
    }
    return Object.fromEntries(found);
  }

  /** How many were down at the same time, at most. */
  function mostDown(all: Run[]): number {
    return Math.max(
      ...all.map(({ stopped }) => all.filter((one) => one.stopped <= stopped && stopped < one.ready).length),
    );
  }

  beforeAll(async () => {
    await lab.down();
    await lab.up();
    await stack.init();
    await stack.up(spec({ count: 3 }));
  }, 30 * minutes);
  afterAll(() => lab.down(), 10 * minutes);

  test(
    "has members in turn on each, which are reached at the addresses of their names",
    async () => {
      expect(await members()).toEqual({ one: ["web-1", "web-3"], two: ["web-2"] });
      const { fleets } = await stack.outputs();
      for (const [address = ""] of Object.values(fleets.web?.addresses ?? {}))
        expect(await pingsWithin(lab, address, 20)).toBeGreaterThanOrEqual(0);
      expect(Object.keys(await runs()).sort()).toEqual(["web-1", "web-2", "web-3"]);
    },
    5 * minutes,
  );

  test(
    "of three, six and four members touches only those that come or go",
    async () => {
      const three = await runs();
      expect(await stack.up(spec({ count: 6 }))).toMatch(/\+ 6 created/);
      const six = await runs();
      expect(six).toMatchObject(three);
      expect(Object.keys(six)).toHaveLength(6);
      expect(await stack.up(spec({ count: 4 }))).toMatch(/- 4 deleted/);
      const { "web-5": _5, "web-6": _6, ...four } = six;
      expect(await runs()).toEqual(four);
      expect(await lab.sh("two", "ls /var/lib/machines")).toBe("web-2\nweb-4\n");
    },
    5 * minutes,
  );

  test.each([1, 2])(
    "is restarted with %i member down at most",
    async (maxUnavailable) => {
      const before = await runs();
      await stack.up(spec({ count: 4, maxUnavailable, template: round(maxUnavailable) }));
      const after = await runs();
      expect(Object.keys(after).sort()).toEqual(Object.keys(before).sort());
      for (const name of Object.keys(before)) expect(after[name]!.started).toBeGreaterThan(before[name]!.ready);
      const down = mostDown(Object.values(after));
      process.stderr.write(`fleet: ${maxUnavailable} allowed, ${down} down at once\n`);
      expect(down).toBeLessThanOrEqual(maxUnavailable);
      expect((await stack.drift()).code).toBe(0);
    },
    5 * minutes,
  );

  test(
    "stops with the first that fails, and goes on with it",
    async () => {
      const before = await runs();
      stack.declare(spec({ count: 4, template: settings({ systemCallFilter: ["~openat"] }) }));
      const { code, output } = await stack.pulumi("up", "--yes", "--skip-preview");
      expect(code).not.toBe(0);
      expect(output).toContain("NSPAWN_NOT_READY");
      expect(output).toMatch(/web-\d is as it was: web-\d of the fleet web failed before it.*NSPAWN_FLEET/);
      const after = await runs();
      const left = Object.keys(after);
      expect(left).toHaveLength(3);
      for (const name of left) expect(after[name]).toEqual(before[name]);
      // The one that failed alone has to be started again.
      await stack.up(spec({ count: 4, template: round(2) }));
      const again = await runs();
      expect(again).toMatchObject(after);
      expect(Object.keys(again)).toHaveLength(4);
    },
    6 * minutes,
  );

  test(
    "has its members replaced one after the other",
    async () => {
      const before = await runs();
      const all = Object.keys(before);
      const machines = ((await stack.export()).deployment.resources ?? []).filter(({ urn }) =>
        /dynamic\/nspawn:NspawnMachine::web-/.test(urn),
      );
      const replaced = machines.flatMap(({ urn }) => ["--replace", urn]);
      await stack.up(spec({ count: 4, template: round(2) }), ...replaced);
      const after = Object.values(await runs()).sort((one, other) => one.started - other.started);
      expect(after).toHaveLength(all.length);
      after.forEach(({ started }, index) => {
        if (index > 0) expect(started).toBeGreaterThan(after[index - 1]!.ready);
      });
    },
    6 * minutes,
  );

  test(
    "is refused with a count that is none, before anything is sent",
    async () => {
      const before = await runs();
      stack.declare(spec({ count: -1 }));
      const { code, output } = await stack.pulumi("up", "--yes", "--skip-preview");
      expect(code).not.toBe(0);
      expect(output).toContain('MachineFleet "web": count: must be an integer from 0 to 10000 (got -1)');
      expect(await runs()).toEqual(before);
    },
    3 * minutes,
  );

  test(
    "leaves nothing behind when there is no fleet any more",
    async () => {
      await stack.up({ ...spec({}), fleets: {} });
      expect(await runs()).toEqual({});
      for (const host of ["one", "two"])
        expect(await lab.sh(host, "ls /var/lib/machines; ls /etc/systemd/nspawn 2>/dev/null || :")).toBe("");
    },
    5 * minutes,
  );
});
