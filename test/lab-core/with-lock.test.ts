import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { removeDeadLocks, withLock } from "../../lab/core/with-lock";

describe("locks", () => {
  const folder = mkdtempSync(join(tmpdir(), "pulumi-nspawn-locks-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  /** As a process leaves it that is killed. */
  function killed(topic: string, secondsAgo: number): void {
    const then = Date.now() / 1000 - secondsAgo;
    mkdirSync(join(folder, `.${topic}.lock`));
    utimesSync(join(folder, `.${topic}.lock`), then, then);
  }

  it("are held one at a time, and leave nothing", async () => {
    const order: string[] = [];
    const work = (name: string) => () => {
      order.push(`${name} begins`);
      return new Promise<void>((resolve) => setTimeout(resolve, 20)).then(() => void order.push(`${name} ends`));
    };
    await Promise.all([withLock(folder, "a", work("one")), withLock(folder, "a", work("two"))]);
    expect(order.map((entry) => entry.split(" ")[1])).toEqual(["begins", "ends", "begins", "ends"]);
    await expect(withLock(folder, "a", () => Promise.reject(new Error("failed")))).rejects.toThrow("failed");
    expect(readdirSync(folder)).toEqual([]);
  });

  it("of killed processes are taken over, or removed; those of living ones stay", async () => {
    killed("taken", 31);
    killed("left", 31);
    killed("perhaps-alive", 5);
    expect(await withLock(folder, "taken", () => Promise.resolve("done"))).toBe("done");
    await withLock(folder, "held", async () => {
      await removeDeadLocks(folder);
      expect(readdirSync(folder).sort()).toEqual([".held.lock", ".perhaps-alive.lock"]);
    });
    await removeDeadLocks(join(folder, "not-there"));
  });
});
