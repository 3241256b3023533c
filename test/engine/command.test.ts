import { delimiter, join } from "node:path";
import { Child } from "./child";
import { Scratch } from "./scratch";

const command = join(__dirname, "../../engine/main.ts");
let scratch: Scratch;
beforeEach(() => (scratch = new Scratch()));
afterEach(() => scratch.remove());

async function engine(...args: string[]) {
  scratch.program("cli", "pulumi", "v3.258.0");
  scratch.program("cli", "pulumi-language-nodejs", "");
  const child = new Child(command, args, scratch.env([scratch.path("cli"), "/usr/bin", "/bin"].join(delimiter)));
  return { code: await child.ended, stdout: child.stdout, stderr: child.stderr };
}

test("--json prints one object", async () => {
  scratch.program("cli", "pulumi-resource-hcloud", "1.41.0");
  const { code, stdout } = await engine("--json");
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ pulumi: scratch.path("cli", "pulumi"), source: { pulumi: "path" } });
});

test("words by default, with the line for the shell", async () => {
  scratch.program("cli", "pulumi-resource-hcloud", "1.41.0");
  const { stdout } = await engine();
  expect(stdout).toMatch(/^pulumi\s+found\s+/);
  expect(stdout).toContain(`export PATH="${scratch.path("cli")}`);
});

test("exit code 1 when there is no engine, with the reasons in both forms", async () => {
  const { code, stdout, stderr } = await engine("--json", "--ways", "path");
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    code: "NSPAWN_ENGINE_UNAVAILABLE",
    refusals: [{ part: "pulumi-resource-hcloud" }],
  });
  expect(stderr).toContain("No Pulumi engine can be had here");
});

test("exit code 2 for wrong arguments", async () => {
  const { code, stderr } = await engine("--ways", "magic");
  expect(code).toBe(2);
  expect(stderr).toContain('got "magic"; allowed are path, download, build');
});
