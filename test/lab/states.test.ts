import { join } from "node:path";
import { writeFileSync } from "node:fs";
import { asRecorded, recordedStates, told, toldInFull, withTodaysScript } from "../states/recorded";
import { describeInLab } from "./available";
import { Lab, type Stack } from "../support/harness";

const minutes = 60_000;

/** Of the project that these states are of. */
function recorded(lab: Lab): Stack {
  const stack = lab.stack("main");
  stack.project = join(__dirname, "recorded");
  return stack;
}

const changesIn = (json: string): Record<string, number> =>
  (JSON.parse(json) as { changeSummary: Record<string, number> }).changeSummary;

/** The hosts of these states are gone: only what needs no host is asked. */
describeInLab("a recorded state, in the engine", () => {
  const lab = new Lab("e2e-states");

  beforeAll(async () => {
    await lab.down();
    await lab.up();
  }, 25 * minutes);
  afterAll(() => lab.down(), 2 * minutes);

  test.each(recordedStates)(
    "%s, %s: previews with nothing to change",
    async (version, name) => {
      const { spec, publicKey } = toldInFull(version);
      const path = join(lab.directory, "recorded.json");
      const stack = recorded(lab);
      stack.publicKeyFile = join(lab.directory, "recorded.pub");
      writeFileSync(stack.publicKeyFile, publicKey);
      await stack.init();
      // What a program of that time means today: everything is updated in place.
      writeFileSync(path, JSON.stringify(asRecorded(version, name)));
      expect((await stack.pulumi("stack", "import", "--file", path)).code).toBe(0);
      stack.declare(told(version).spec);
      const today = await stack.pulumi("preview", "--json");
      expect([today.code, changesIn(today.stdout)]).toEqual([0, { same: 15, update: 3 }]);
      // And said in today's words, nothing changes.
      stack.declare(spec);
      writeFileSync(path, JSON.stringify(withTodaysScript(version, name)));
      const { code, output } = await stack.pulumi("stack", "import", "--file", path);
      expect([code, output]).toEqual([0, expect.stringContaining("Import complete")]);
      const preview = await stack.pulumi("preview", "--diff", "--expect-no-changes");
      expect(preview.output).not.toMatch(/replace|error/);
      expect(preview.output).toMatch(/18 unchanged/);
      expect(preview.code).toBe(0);
      const changed = { ...spec, machines: { web: { ...spec.machines!.web!, hostname: "other" } } };
      stack.declare(changed);
      const other = await stack.pulumi("preview", "--json");
      expect(changesIn(other.stdout)).toEqual({ same: 17, update: 1 });
      expect((await stack.pulumi("stack", "rm", "--yes", "--force")).code).toBe(0);
    },
    5 * minutes,
  );

  test(
    "0.1.0: `protect` and `retainOnDelete` of the components hold for what is in them",
    async () => {
      const { spec, publicKey } = toldInFull("0.1.0");
      const stack = recorded(lab);
      stack.publicKeyFile = join(lab.directory, "recorded.pub");
      writeFileSync(stack.publicKeyFile, publicKey);
      stack.declare(spec);
      await stack.init();
      const path = join(lab.directory, "recorded.json");
      writeFileSync(path, JSON.stringify(withTodaysScript("0.1.0", "created")));
      expect((await stack.pulumi("stack", "import", "--file", path)).code).toBe(0);
      // Nothing of this needs a host: options change state alone, what is protected is refused, what is kept is let go of.
      await stack.up({ ...spec, options: { protect: true, retainOnDelete: true } });
      const parts = ((await stack.export()).deployment.resources ?? []).filter(
        ({ type }) => /^(nspawn:|hcloud:|pulumi-nodejs:dynamic)/.test(type) && !type.endsWith("sshKey:SshKey"),
      );
      expect(parts).toHaveLength(16);
      for (const { urn, protect, retainOnDelete } of parts)
        expect([urn, protect, retainOnDelete]).toEqual([urn, true, true]);
      const destroy = await stack.pulumi("destroy", "--yes", "--skip-preview");
      expect([destroy.code === 0, destroy.output]).toEqual([false, expect.stringContaining("protected")]);
      await stack.up({ ...spec, options: { retainOnDelete: true } });
      const left = await stack.up({ ...spec, options: { retainOnDelete: true }, machines: {} });
      expect(left).not.toContain("error");
      const types = (await stack.export()).deployment.resources?.map(({ type }) => type) ?? [];
      expect(types.filter((type) => type.includes("NspawnMachine"))).toEqual([]);
      expect((await stack.pulumi("stack", "rm", "--yes", "--force")).code).toBe(0);
    },
    5 * minutes,
  );
});
