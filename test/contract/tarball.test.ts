import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { providerText } from "../../provider/resources/delegate";
import { programFolder, removeAll, root, tarball, withProgram, type Placement } from "./installed";

const run = promisify(execFile);
const golden = JSON.parse(readFileSync(join(root, "test", "golden", "provider-texts.json"), "utf8")) as Record<
  string,
  string
>;

jest.setTimeout(120_000);

describe("the packed package", () => {
  let archive = "";
  beforeAll(() => {
    archive = tarball();
  });
  afterAll(removeAll);

  async function textsIn(placement: Placement): Promise<Record<string, string>> {
    const folder = programFolder(placement, { tarball: archive });
    const { stdout } = await run(process.execPath, [withProgram(folder, "texts.js")], { cwd: folder });
    return JSON.parse(stdout) as Record<string, string>;
  }

  // These texts stand in every state that was ever written: a change here breaks `refresh` and `destroy` of old stacks.
  test.each(["installed", "linked"] as const)("gives the committed provider texts when it is %s", async (placement) => {
    expect(await textsIn(placement)).toEqual(golden);
  });

  test("gives the same texts from source", () => {
    const handlers = ["hostKey", "nspawnHost", "bridgeNetwork", "floatingIp", "machineImage", "nspawnMachine"] as const;
    expect(handlers.map((handler) => providerText(handler)).sort()).toEqual(Object.values(golden).sort());
  });

  test.each(Object.entries(golden))("%s is data: short, no path, one package", (_, text) => {
    expect(Buffer.byteLength(text)).toBeLessThan(100);
    expect(text.match(/require\(/g)).toHaveLength(1);
    expect(text.match(/"[^"]*"/g)).toEqual(['"pulumi-nspawn/provider"']);
    expect(text.replace('"pulumi-nspawn/provider"', "")).not.toMatch(/[/\\]/);
  });

  test("exports each handler that a text names, with the methods that the engine calls", async () => {
    const folder = programFolder("installed", { tarball: archive });
    for (const text of Object.values(golden)) {
      const program = `const exports = {}; ${text}; const handler = exports.handler(); console.log(JSON.stringify(Object.keys(handler).filter((name) => typeof handler[name] === "function")))`;
      const { stdout } = await run(process.execPath, ["-e", program], { cwd: folder });
      const methods = JSON.parse(stdout) as string[];
      expect(methods).toEqual(
        expect.arrayContaining(["configure", "check", "diff", "create", "read", "update", "delete"]),
      );
    }
  });

  test.each([
    [
      "two machines with one address",
      "one-address-twice",
      'address 198.51.100.20 is used twice: by NspawnMachine "a" and by NspawnMachine "b"',
    ],
    [
      "an address by name where the host has no IPv6 network",
      "no-ipv6-network",
      'no IPv6 network to take an address for "web" from',
    ],
  ])("ends a program with %s, and says why", async (_, program, message) => {
    const folder = programFolder("installed", { tarball: archive });
    const argv = [withProgram(folder, "failing.js"), program];
    const failure = (await run(process.execPath, argv, { cwd: folder }).catch((error: unknown) => error)) as {
      code: number;
      stderr: string;
    };
    expect(failure.code).toBe(1);
    expect(failure.stderr).toContain(message);
    expect(failure.stderr).toContain("NSPAWN_INVALID_INPUT");
  });

  test("passes publint", async () => {
    const outcome = await run(process.execPath, [
      join(root, "node_modules", "publint", "src", "cli.js"),
      "run",
      archive,
      "--strict",
    ]).catch((error: unknown) => error as { stdout: string; stderr: string; code: number });
    expect({ code: 0, ...outcome }).toMatchObject({ code: 0 });
  });

  test("has the command, its types and what the lab needs, and no tests or sources", () => {
    const folder = join(programFolder("installed", { tarball: archive }), "node_modules", "pulumi-nspawn");
    for (const path of [
      "bin/cli/main.js",
      "bin/provider/index.d.ts",
      "bin/provider/handlers/index.d.ts",
      "lab/assets",
      "README.md",
    ])
      expect([path, existsSync(join(folder, path))]).toEqual([path, true]);
    for (const path of ["test", "provider", "stacks", "examples", "bin/test", "bin/tools", "bin/bench", "tools"])
      expect([path, existsSync(join(folder, path))]).toEqual([path, false]);
  });

  test("runs its command: help, and a wrong use ends with 2", async () => {
    const main = join(
      programFolder("installed", { tarball: archive }),
      "node_modules",
      "pulumi-nspawn",
      "bin",
      "cli",
      "main.js",
    );
    const { stdout } = await run(process.execPath, [main, "--help"]);
    for (const name of ["lab", "ls", "doctor"]) expect(stdout).toMatch(new RegExp(`^\\s+${name}\\b`, "m"));
    for (const name of ["ls", "doctor"]) {
      expect((await run(process.execPath, [main, name, "--help"])).stdout).toContain("Exit codes: 0");
      await expect(run(process.execPath, [main, name, "--nonsense"])).rejects.toMatchObject({ code: 2 });
    }
  });
});
