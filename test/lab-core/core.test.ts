import { spawn } from "node:child_process";
import { once } from "node:events";
import { labCacheDir, labDir } from "../../lab/core/places";
import { identify, isAlive, parentOf } from "../../lab/core/process-identity";
import { lineProgress } from "../../lab/core/progress";
import { run } from "../../lab/core/run";

test.each(["", "A", "../x", "a/b", "-a", "a".repeat(32), "1a"])(
  "lab name %j is refused with what is allowed",
  (name) => {
    expect(() => labDir(name)).toThrow("is allowed; choose another --name");
  },
);

test("the cache follows PULUMI_NSPAWN_CACHE, then XDG_CACHE_HOME", () => {
  expect(labCacheDir({ PULUMI_NSPAWN_CACHE: "/a", XDG_CACHE_HOME: "/b" })).toBe("/a/lab");
  expect(labCacheDir({ XDG_CACHE_HOME: "/b" })).toBe("/b/pulumi-nspawn/lab");
});

test("a process is known by number, start time and boot", async () => {
  const child = spawn("sleep", ["60"]);
  await once(child, "spawn");
  const found = identify(child.pid ?? 0);
  expect(found).toBeDefined();
  if (!found) return;
  expect(parentOf(found.pid)).toBe(process.pid);
  expect(isAlive(found)).toBe(true);
  expect(isAlive({ ...found, start: "1" })).toBe(false);
  expect(isAlive({ ...found, bootId: "another" })).toBe(false);
  child.kill("SIGKILL");
  await once(child, "close");
  expect(isAlive(found)).toBe(false);
});

test("a failing program's error has its code and the end of its output", async () => {
  await expect(run(["sh", "-c", "echo reason >&2; exit 3"])).rejects.toThrow(/exit code 3:\nreason/);
  await expect(run(["no-such-program-here"])).rejects.toThrow("cannot run no-such-program-here");
  await expect(run(["cat"], { input: "text" })).resolves.toBe("text");
});

test("progress: a line at the start, at most one each five seconds, one at the end", () => {
  let now = 0;
  const lines: string[] = [];
  const step = lineProgress(
    (line) => lines.push(line),
    () => now,
  ).step("image");
  now = 1000;
  step.update("early");
  now = 6000;
  step.update("half");
  now = 7000;
  step.update("soon after");
  now = 9500;
  step.done();
  expect(lines).toEqual(["image …", "image: half (6.0 s)", "image: done (9.5 s)"]);
});
