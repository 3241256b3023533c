import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nspawnMachine } from "../../provider/handlers";
import { redactor } from "../../provider/handlers/redactor";
import { isHashOf } from "../../provider/handlers/sha512-crypt";
import type { Properties } from "../../provider/handlers/state";
import { UNKNOWN } from "../../provider/model/unknown";
import { desiredMachine } from "../../provider/render/desired-machine";
import { machineArgs } from "../support/sample";
import { machineArguments } from "../support/arguments";

const folder = mkdtempSync(join(tmpdir(), "nspawn-password-"));
const file = join(folder, "web");
const write = (content: string, mode = 0o600): void => {
  writeFileSync(file, content);
  chmodSync(file, mode);
};
afterAll(() => rmSync(folder, { recursive: true }));

const check = (rootPassword: unknown, olds: Properties = {}, changes: Properties = {}) =>
  nspawnMachine.check(olds, machineArguments({ rootPassword, ...changes }));
const hashOf = async (rootPassword: unknown, olds?: Properties): Promise<string> => {
  const { inputs, failures } = await check(rootPassword, olds);
  expect(failures).toEqual([]);
  return inputs.rootPassword as string;
};

describe("root's password in a file", () => {
  it("becomes a hash like one that is given, and neither it nor the path is kept", async () => {
    write("canary-in-a-file-1\n");
    const { inputs, failures } = await check({ file });
    expect(failures).toEqual([]);
    expect(isHashOf(inputs.rootPassword as string, "canary-in-a-file-1")).toBe(true);
    expect(JSON.stringify(inputs)).not.toMatch(/canary-in-a-file|nspawn-password-/);
    expect(redactor.hide("said canary-in-a-file-1 aloud")).toBe("said [secret] aloud");
  });

  it("keeps its hash while the file says the same, also when it was given itself before, and takes a new one after", async () => {
    write("canary-in-a-file-1");
    const rootPassword = await hashOf("canary-in-a-file-1");
    expect(await hashOf({ file }, { rootPassword })).toBe(rootPassword);
    write("canary-in-a-file-2\r\n");
    const next = await hashOf({ file }, { rootPassword });
    expect(isHashOf(next, "canary-in-a-file-2")).toBe(true);
  });

  it("may be unknown in a preview", async () => {
    expect((await check({ file: UNKNOWN })).inputs.rootPassword).toBe(UNKNOWN);
  });

  const refusal = async (rootPassword: unknown) => (await check(rootPassword)).failures;

  it.each(["web.password", "./web", "~", "/run/secrets/", "/a\nb", "", 7, undefined])(
    "%j is no path of one: it has to mean the same in every folder",
    async (path) => {
      const [failure, ...others] = await refusal({ file: path });
      expect([failure?.property, others]).toEqual(["rootPasswordFile", []]);
      expect(failure?.reason).toMatch(/absolute path, or begin with ~\/|must be a text/);
    },
  );

  it("is refused with the path when it is not there, or others can read it, beside all other problems", async () => {
    write("canary-in-a-file-1\n", 0o640);
    expect(await refusal({ file })).toEqual([
      { property: "rootPasswordFile", reason: expect.stringContaining(`mode 0640); chmod 600 ${file}`) },
    ]);
    const { failures } = await check({ file: "/nowhere/web" }, {}, { onDelete: "burn" });
    expect(failures.map(({ property }) => property)).toEqual(["rootPasswordFile", "onDelete"]);
    expect(failures[0]?.reason).toMatch(/^\/nowhere\/web cannot be used: ENOENT.*on the machine that runs the program/);
  });

  it("is refused like one that is given, without showing it", async () => {
    for (const content of ["", "\n", "canary-first-line\ncanary-second-line\n", "canary:1", `${"x".repeat(70_000)}`]) {
      write(content);
      const failures = await refusal({ file });
      expect(failures).toHaveLength(1);
      expect(failures[0]?.property).toMatch(/^rootPassword(\.value|File)$/);
      expect(failures[0]?.reason).not.toContain("canary");
    }
  });

  it("and one that is given are one too many", async () => {
    write("canary-in-a-file-1\n");
    expect(await refusal({ file, text: "canary-given" })).toEqual([
      { property: "rootPasswordFile", reason: "give rootPassword or rootPasswordFile, not both" },
    ]);
  });
});

describe("root's password as a machine has it", () => {
  const desired = (rootPassword: string) => desiredMachine(machineArgs({ rootPassword }));

  it("is never rendered unless it is a hash, but for what a machine's root has made of it", () => {
    expect(() => desired("plain")).toThrow("has to be hashed");
    expect(Object.values(desired("!").secretFiles)).toEqual(["!"]);
  });

  it("is hashed anew after it was found to be none, and a password of that form is a password", async () => {
    const next = await hashOf("correct horse", { rootPassword: "!" });
    expect(isHashOf(next, "correct horse")).toBe(true);
    expect(isHashOf(await hashOf("!".repeat(9)), "!".repeat(9))).toBe(true);
  });
});
