import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Step } from "../../provider/plan/step";
import { asRoot, Place } from "../support/run-script";

jest.setTimeout(60_000);

const places: Place[] = [];
let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), "nspawn-tools-"))));
afterEach(() => {
  for (const place of places.splice(0)) place.remove();
  rmSync(root, { recursive: true });
});

/** A host whose cloud-init is done; `systemctl` and `sleep` are stand-ins, everything else is real. */
function host({ power = "", ran = "", state = "running", scheduled = "", sleep = "exit 0" }): Place {
  const sem = "/var/lib/cloud/instance/sem/config_power_state_change";
  const place = new Place({}, undefined, [
    "mount --bind $TOOLS /usr/local/sbin".replace("$TOOLS", join(root, String(places.length))),
    "mkdir -p /var/lib/cloud/instance/sem /run/systemd/shutdown",
    `printf '#cloud-config\\n\\n---\\npackages: [vim]\\n${power}\\n' >/var/lib/cloud/instance/cloud-config.txt`,
    ...(ran === "" ? [] : [`touch -d '${ran}' ${sem}`]),
    ...(scheduled === "" ? [] : [`date -d '${scheduled}' '+USEC=%s000000' >/run/systemd/shutdown/scheduled`]),
  ]);
  const tools = join(root, String(places.push(place) - 1));
  mkdirSync(tools);
  const stand = (name: string, text: string): void =>
    writeFileSync(join(tools, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  stand("cloud-init", "exit 0");
  stand("systemctl", `case $1 in is-system-running) echo ${state} ;; show) echo "@$(date +%s)" ;; esac`);
  stand("sleep", sleep);
  return place;
}

const steps: Step[] = [{ verb: "cloud_init" }];
const reboot = "power_state:\\n  mode: reboot\\n  delay: now\\nruncmd: [id]";
const waits = "waiting for the restart that cloud-init has announced";
// What a restart does to who waits for it.
const ended = "kill -TERM $PPID";

asRoot("a restart that cloud-init has announced", () => {
  it("is waited for, and who is ended by it has nothing to explain", async () => {
    const { failure, unbegun, progress } = await host({
      power: reboot,
      ran: "now + 1 minute",
      state: "stopping",
      sleep: ended,
    }).run(steps);
    expect(progress).toEqual(["waiting for cloud-init", waits]);
    // No error came, and no end: the program is sent again.
    expect([failure?.code, unbegun]).toEqual(["NSPAWN_CONNECTION_LOST", true]);
  });

  it("is waited for also where a user's own command has asked for it, now or soon", async () => {
    for (const how of [{ state: "stopping" }, { scheduled: "now + 3 minutes" }]) {
      const { unbegun, progress } = await host({ ...how, sleep: ended }).run(steps);
      expect([progress.at(-1), unbegun]).toEqual([waits, true]);
    }
  });

  it("is over when the host has started since, and nobody waits where none was announced", async () => {
    for (const how of [{ power: reboot, ran: "1 hour ago" }, { power: reboot }, {}]) {
      const { failure, unbegun, progress } = await host({ ...how, sleep: ended }).run(steps);
      expect([failure, unbegun, progress]).toEqual([undefined, false, ["waiting for cloud-init"]]);
    }
  });

  it("is not waited for longer than it may take to come: its condition may not hold", async () => {
    const { failure, unbegun, progress } = await host({ power: reboot, ran: "now + 1 minute" }).run(steps);
    expect([failure, unbegun, progress.at(-1)]).toEqual([undefined, false, waits]);
  });

  it("is told and not waited for when it is far away", async () => {
    const { failure, warnings } = await host({ scheduled: "now + 2 hours", sleep: ended }).run(steps);
    expect([failure, warnings]).toEqual([
      undefined,
      [expect.stringMatching(/^this host restarts by itself at \d{4}-.* UTC, as shutdown/)],
    ]);
  });

  it("is no restart when the server is switched off", async () => {
    const { failure } = await host({ power: reboot.replace("reboot", "poweroff"), ran: "now + 1 minute" }).run(steps);
    expect(failure?.message).toMatch(
      /cloud-init switches this server off when it is done \(power_state .*\[NSPAWN_STEP_FAILED\]$/,
    );
  });
});
