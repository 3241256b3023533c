import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as lab from "../../lab";
import { aptCandidate, aptInstall } from "../../tools/apt";
import { newEnough } from "../../tools/ensure-engine";
import { ensurePackages } from "../../tools/packages";

jest.mock("../../lab", () => ({ labPackages: ["tcpdump", "xz-utils", "curl"], missingPackages: jest.fn() }));

/** A stand-in for apt on the PATH: the commands really run it. What it was asked is in a file. */
const folder = mkdtempSync(join(tmpdir(), "nspawn-apt-"));
const asked = join(folder, "asked");
const before = process.env.PATH;

function apt(script: string, program = "apt-get"): void {
  writeFileSync(join(folder, program), `#!/bin/sh\necho "$*" >>${asked}\n${script}\n`);
  chmodSync(join(folder, program), 0o755);
}

const said: string[] = [];

beforeEach(() => {
  process.env.PATH = `${folder}:${before}`;
  rmSync(asked, { force: true });
  said.length = 0;
  jest.spyOn(process.stderr, "write").mockImplementation((text) => said.push(String(text)) > 0);
  jest.mocked(lab.missingPackages).mockReturnValue(["tcpdump", "xz-utils"]);
});
afterEach(() => {
  jest.restoreAllMocks();
  process.env.PATH = before;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const commands = () => (existsSync(asked) ? readFileSync(asked, "utf8").trim().split("\n") : []);
const lock = "-o DPkg::Lock::Timeout=300";

/** Jest has no terminal either: the same as `npm start </dev/null`. */
describe("without a terminal", () => {
  test("what is missing is named, and installed with a fresh index", async () => {
    apt("exit 0");
    await ensurePackages({ yes: false, install: true });
    expect(said.join("")).toContain("missing: tcpdump xz-utils\n");
    expect(commands()).toEqual([`${lock} update`, `${lock} install -y --no-install-recommends tcpdump xz-utils`]);
  });

  test("--no-install refuses with the names, also with --yes", async () => {
    apt("exit 0");
    for (const yes of [false, true]) {
      await expect(ensurePackages({ yes, install: false })).rejects.toThrow(
        "the lab needs Debian packages that are missing: tcpdump xz-utils\nInstall them (apt-get install --no-install-recommends tcpdump xz-utils), or start again without --no-install",
      );
    }
    expect(commands()).toEqual([]);
  });

  test("with all of them nothing is said and nothing is run", async () => {
    apt("exit 0");
    jest.mocked(lab.missingPackages).mockReturnValue([]);
    await ensurePackages({ yes: false, install: false });
    expect([said, commands()]).toEqual([[], []]);
  });
});

describe("apt-get", () => {
  test("is waited for while another one has the lists", async () => {
    const held = "E: Could not get lock /var/lib/apt/lists/lock. It is held by process 4711 (apt-get)";
    apt(`[ "$(grep -c update ${asked})" -gt 2 ] || { echo "${held}" >&2; exit 100; }`);
    await aptInstall(["curl"], 10);
    expect(commands().map((line) => line.split(" ")[2])).toEqual(["update", "update", "update", "install"]);
  });

  test("that fails is told in its own words, with what to do", async () => {
    apt('case "$*" in *install*) echo "E: Unable to locate package curl" >&2; exit 100;; esac');
    await expect(aptInstall(["curl"])).rejects.toThrow(
      "apt-get install failed:\nE: Unable to locate package curl\nInstall these by hand, then start again: curl",
    );
  });

  test("has a candidate, or none", () => {
    apt('printf "golang-go:\\n  Installed: (none)\\n  Candidate: 2:1.24~2\\n"', "apt-cache");
    expect(aptCandidate("golang-go")).toBe("2:1.24~2");
    apt('printf "golang-go:\\n  Installed: (none)\\n  Candidate: (none)\\n"', "apt-cache");
    expect(aptCandidate("golang-go")).toBeUndefined();
  });
});

test.each([
  ["2:1.24~2", true],
  ["1.21-1", true],
  ["2:1.19~1", false],
  [undefined, false],
])("Debian's Go %s is new enough for the engine: %s", (candidate, expected) => {
  expect(newEnough(candidate)).toBe(expected);
});
