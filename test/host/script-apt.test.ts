import type { Step } from "../../provider/plan/step";
import { asRoot, Place } from "../support/run-script";

jest.setTimeout(60_000);

const places: Place[] = [];
afterEach(() => {
  for (const place of places.splice(0)) place.remove();
});

/**
 * The machine's own apt with no sources, in a place of its own: another process has a lock of it for some seconds.
 *
 * @param lock in /var
 */
function heldFor(seconds: number, lock: string): Place {
  const hold = `import fcntl, sys, time; f = open("/var/${lock}", "w"); fcntl.lockf(f, fcntl.LOCK_EX); print(flush=True); time.sleep(${seconds})`;
  const more = [
    "mkdir -p /var/lib/apt/lists/partial /var/lib/dpkg /etc/apt/apt.conf.d /etc/apt/preferences.d /run/archives/partial",
    "mount --bind /run/archives /var/cache/apt/archives",
    "touch /var/lib/dpkg/status",
    `{ python3 -c '${hold}' & } | head -n 1`,
  ];
  const place = new Place({}, undefined, more);
  places.push(place);
  return place;
}

const steps: Step[] = [{ verb: "package", name: "no-such-package", need: "required" }, { verb: "install" }];

asRoot("a lock of apt that somebody else holds", () => {
  it.each([
    [
      "of the lists",
      "lib/apt/lists/lock",
      /waiting for somebody else .*: Could not get lock \/var\/lib\/apt\/lists\/lock\. It is held by process \d+ \(python3?[\d.]*\)/,
    ],
    [
      "of dpkg's frontend",
      "lib/dpkg/lock-frontend",
      /waiting for somebody else .*: Could not get lock \/var\/lib\/dpkg\/lock-frontend\. It is held by process/,
    ],
  ])("%s is waited for, and named", async (_what, lock, shown) => {
    const { failure, progress } = await heldFor(3, lock).run(steps);
    // What stops it is what it would stop at without the lock.
    expect(failure?.message).toMatch(
      /Unable to locate package no-such-package; check the names in packages \[NSPAWN_STEP_FAILED\]$/,
    );
    expect(progress.join("\n")).toMatch(shown);
  });

  it("is told with its holder when it is held for too long, and is no matter of sources", async () => {
    const { failure } = await heldFor(12, "lib/apt/lists/lock").run(steps);
    expect(failure?.message).toMatch(
      /more than 5 s: Could not get lock \/var\/lib\/apt\/lists\/lock\. It is held by process \d+ .*run up again \[NSPAWN_BUSY\]$/,
    );
    expect(failure?.message).not.toContain("sources");
  });
});
