import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const host = join(__dirname, "../../provider/host");
const files = ["lib", "steps", "facts"]
  .flatMap((folder) => readdirSync(join(host, folder)).map((name) => join(folder, name)))
  .filter((name) => name.endsWith(".sh"))
  .concat("main.sh");

describe("the shell of a host", () => {
  it("can be sourced without running anything, in any order after places.sh", () => {
    const others = files.filter((name) => name !== "main.sh" && name !== "lib/places.sh");
    const empty = mkdtempSync(join(tmpdir(), "pulumi-nspawn-test-"));
    // `rm` and the like would be an error: the only program that a file may run when it is read is printf, of the shell.
    for (const order of [others, [...others].reverse()]) {
      const script = ["lib/places.sh", ...order].map((name) => `. ${join(host, name)}\n`).join("");
      const { status, stdout, stderr } = spawnSync("dash", ["-eu"], {
        input: `PATH=${empty}\n${script}`,
        encoding: "utf8",
        cwd: empty,
      });
      expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: "", stderr: "" });
    }
    expect(readdirSync(empty)).toEqual([]);
    rmSync(empty, { recursive: true });
  });

  it("has each function once: the last one of a name would be everybody's", () => {
    const named = files.flatMap((name) =>
      [...readFileSync(join(host, name), "utf8").matchAll(/^([a-z_0-9]+)\(\) /gm)].map(([, called]) => called),
    );
    expect(named.length).toBeGreaterThan(250);
    expect(named.filter((called, index) => named.indexOf(called) !== index)).toEqual([]);
  });

  it("has each global in one file only, which writes it", () => {
    const writers = new Map<string, Set<string>>();
    for (const name of files) {
      for (const [, global = ""] of readFileSync(join(host, name), "utf8").matchAll(/(?<=^|[ ;({])([A-Z][A-Z_]+)=/gm))
        writers.set(global, (writers.get(global) ?? new Set()).add(name));
    }
    // Of the environment, the shell and awk.
    for (const other of ["PATH", "IFS", "OFS", "LC_ALL"]) writers.delete(other);
    expect(writers.size).toBeGreaterThan(50);
    expect([...writers].filter(([, names]) => names.size > 1).map(([global, names]) => [global, [...names]])).toEqual(
      [],
    );
  });
});
