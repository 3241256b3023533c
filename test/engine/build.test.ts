import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { diskShortage } from "../../engine/disk-space";
import { Child } from "./child";
import { Scratch } from "./scratch";

const tinyBuild = require.resolve("./tiny-build");
let scratch: Scratch;
beforeEach(() => (scratch = new Scratch()));
afterEach(() => scratch.remove());

/** A Go build cache of its own, so that there is something to compile; modules are none. */
function start(): Child {
  return new Child(tinyBuild, [scratch.path("engine")], { ...process.env, GOCACHE: scratch.path("go-cache") });
}

function compiled(): number {
  const file = scratch.path("engine", "compiled-packages");
  return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n").length : 0;
}

test("two at once: one builds, the other waits, says so, and takes it", async () => {
  const both = [start(), start()];
  expect(await Promise.all(both.map(({ ended }) => ended))).toEqual([0, 0]);
  const program = scratch.path("engine", "tiny", "pulumi");
  expect(both.map(({ stdout }) => stdout).sort()).toEqual([`built ${program}\n`, "found\n"]);
  const waiter = both.find(({ stdout }) => stdout === "found\n");
  expect(waiter?.stderr).toContain("Another start is getting the engine; waiting for it.");
  expect(waiter?.stderr).toContain("another start: ");
  expect(execFileSync(program, { encoding: "utf8" })).toBe("tiny 1.2.3\n");
  expect(readdirSync(scratch.path("engine")).filter((name) => name.startsWith("tiny"))).toEqual(["tiny"]);
}, 120_000);

test("a build that was killed is resumed: the lock is taken over, and what was compiled counts", async () => {
  const first = start();
  while (compiled() < 10) await sleep(50);
  first.kill("SIGKILL");
  await first.ended;
  expect(first.stdout).toBe("");
  expect(existsSync(scratch.path("engine", "tiny"))).toBe(false);
  const before = compiled();
  const second = start();
  expect(await second.ended).toBe(0);
  expect(second.stdout).toMatch(/^built /);
  // Its own count: while it waits for the lock it shows how far the first one had told, "left: another start: …".
  const resumedAt = Number(/left: compiling a tiny program, (\d+) of/.exec(second.stderr)?.[1]);
  expect(resumedAt).toBeGreaterThanOrEqual(before);
  expect(execFileSync(scratch.path("engine", "tiny", "pulumi"), { encoding: "utf8" })).toBe("tiny 1.2.3\n");
}, 120_000);

test("too small a disk is told with the figures", () => {
  const said = diskShortage([{ directory: scratch.path("not", "yet"), mebibytes: 1e12 }]);
  expect(said).toMatch(/has \d+ MiB free, the build needs 1000000000000 MiB; free some or point GOCACHE/);
  expect(diskShortage([{ directory: scratch.directory, mebibytes: 1 }])).toBeUndefined();
});
