import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lsCommand } from "../../cli/ls";
import { machinesOf } from "../../cli/stack/machines";
import { openSecrets } from "../../cli/stack/open-secrets";
import { readStacks } from "../../cli/stack/read-stacks";
import { machine, stack } from "./host";

const secret = (plaintext?: unknown) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  ...(plaintext === undefined ? { ciphertext: "v1:abc" } : { plaintext: JSON.stringify(plaintext) }),
});

describe("secrets of an export", () => {
  test("are opened where the export has them, also inside others", () => {
    expect(openSecrets({ a: [secret({ b: "c" })], d: secret([secret("e")]) })).toEqual({ a: [{ b: "c" }], d: ["e"] });
  });
  test("are absent where it has not", () => {
    expect(openSecrets({ credentials: secret(), plain: 1 })).toEqual({ credentials: undefined, plain: 1 });
  });
});

describe("machines of a state", () => {
  test("have their addresses, host, image and what is known of the way", () => {
    expect(machine()).toMatchObject({
      name: "web",
      stack: "test",
      state: "running",
      host: "host-1",
      uplink: "eth0",
      image: "bookworm (debootstrap)",
      credentials: {},
    });
    expect(machine().networks[0]!.addresses.map(({ family, assignment }) => [family, assignment])).toEqual([
      ["ipv4", "assigned"],
      ["ipv6", "assigned"],
    ]);
  });

  // A state of version 1 says nothing of what is as usual (docs/state.md).
  test("say by saying nothing what a program says by saying nothing", () => {
    const { inputs } = stack().at(-1)!;
    expect(inputs).toMatchObject({ image: { suite: "bookworm" }, connection: { host: "203.0.113.5", hostKeys: [] } });
    expect(machine().connection).toEqual({ host: "203.0.113.5", port: 22, user: "root", hostKeys: [] });
    const other = machine((resources) => {
      const inputs = resources.at(-1)!.inputs as any;
      Object.assign(inputs, { image: { kind: "tarball", sha256: "3f0a".repeat(16) }, running: false });
      Object.assign(inputs.connection, { port: 2222, user: "admin" });
    });
    expect(other).toMatchObject({ image: "3f0a3f0a3f0a (tarball)", state: "stopped" });
    expect(other.connection).toMatchObject({ port: 2222, user: "admin" });
  });

  test("of a newer version are not guessed at", () => {
    expect(() => machine((resources) => ((resources.at(-1)!.inputs as any).stateVersion = 2))).toThrow(
      /newer pulumi-nspawn.*NSPAWN_STATE_VERSION/,
    );
  });

  test("that only wait for their deletion are not listed", () => {
    const resources = stack();
    const waiting = { ...resources.at(-1)!, delete: true };
    expect(machinesOf({ stack: "test", resources: [waiting, ...resources] })).toHaveLength(1);
  });

  test("whose start failed are not ready, and say why", () => {
    const found = machine((resources) => (resources.at(-1)!.initErrors = ["did not become ready"]));
    expect(found).toMatchObject({ state: "not ready", problems: ["did not become ready"] });
  });

  test("that are not to run are stopped", () => {
    expect(machine((resources) => ((resources.at(-1)!.inputs as any).running = false)).state).toBe("stopped");
  });

  test("at an address of the server's own network need no assignment", () => {
    const own = machine((resources) => {
      (resources.at(-1)!.inputs as any).networks[0].addresses[1].address = "2001:db8:1::77";
    });
    expect(own.networks[0]!.addresses[1]).toMatchObject({
      assignment: "own",
      detail: expect.stringContaining("2001:db8:1::/64") as string,
    });
  });

  test("with a floating address that no server has", () => {
    const lost = machine((resources) => void resources.splice(3, 1));
    expect(lost.networks[0]!.addresses[0]).toMatchObject({ assignment: "elsewhere" });
  });

  test("of an empty stack are none", () => {
    expect(machinesOf({ stack: "test", resources: [] })).toEqual([]);
  });
});

/** A stand-in for `pulumi` on the PATH: the commands really run it. */
describe("with a pulumi that answers", () => {
  const folder = mkdtempSync(join(tmpdir(), "nspawn-cli-"));
  const before = { ...process.env };
  afterEach(() => (process.env = { ...before }));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function answer(script: string): void {
    writeFileSync(join(folder, "pulumi"), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, "pulumi"), 0o755);
    process.env.PATH = `${folder}:${before.PATH}`;
  }

  function export_(name: string): void {
    writeFileSync(join(folder, name), JSON.stringify({ version: 3, deployment: { resources: stack() } }));
  }

  test("reads the selected stack, and takes its name from the state", async () => {
    export_("test.json");
    answer(`[ "$*" = "stack export --non-interactive" ] && exec cat ${folder}/test.json; exit 9`);
    const [deployment] = await readStacks({});
    expect(deployment).toMatchObject({ stack: "test" });
    expect(machinesOf(deployment!)).toHaveLength(1);
  });

  test("reads all stacks of a lab where none is selected", async () => {
    export_("a.json");
    process.env.NSPAWN_LAB = "lab-1";
    answer(
      `case "$*" in "stack export --non-interactive") echo "error: no stack selected" >&2; exit 255;; "stack ls --all --json --non-interactive") echo '[{"name":"organization/shop/a"}]';; "stack export --stack organization/shop/a --non-interactive") cat ${folder}/a.json;; *) exit 9;; esac`,
    );
    expect((await readStacks({})).map((deployment) => deployment.stack)).toEqual(["organization/shop/a"]);
  });

  test("says what was wrong and what to do, with exit code 3", async () => {
    delete process.env.NSPAWN_LAB;
    answer('echo "error: no stack selected; please use pulumi stack select" >&2; exit 255');
    await expect(readStacks({})).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringContaining("no stack selected") as string,
    });
    await expect(readStacks({ stack: "prod" })).rejects.toThrow('cannot read the stack "prod"');
  });

  test("without pulumi says where to get it, with exit code 3", async () => {
    process.env.PATH = join(folder, "nowhere");
    await expect(readStacks({ stack: "prod" })).rejects.toMatchObject({ exitCode: 3 });
  });

  test("ls --offline prints the machines, as a table and as JSON, and opens no secret", async () => {
    const resources = stack();
    resources.at(-1)!.outputs = { credentials: secret() };
    writeFileSync(join(folder, "test.json"), JSON.stringify({ deployment: { resources } }));
    answer(`case "$*" in *--show-secrets*) exit 9 ;; esac; exec cat ${folder}/test.json`);
    const printed: string[] = [];
    const log = jest.spyOn(console, "log").mockImplementation((text: string) => void printed.push(text));
    await lsCommand().parseAsync(["--stack", "test", "--offline", "--json"], { from: "user" });
    await lsCommand().parseAsync(["--stack", "test", "--offline"], { from: "user" });
    log.mockRestore();
    expect(JSON.parse(printed[0]!)).toEqual({
      machines: [
        {
          name: "web",
          state: "running",
          ipv4: ["198.51.100.7"],
          ipv6: ["2001:db8:f::7"],
          image: "bookworm (debootstrap)",
          host: "host-1",
          stack: "test",
        },
      ],
    });
    for (const text of ["NAME", "web", "198.51.100.7", "2001:db8:f::7", "host-1"]) expect(printed[1]).toContain(text);
  });
});
