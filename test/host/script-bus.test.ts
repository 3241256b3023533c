import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Step } from "../../provider/plan/step";
import { asRoot, Place } from "../support/run-script";

jest.setTimeout(60_000);

const places: Place[] = [];
afterEach(() => {
  for (const place of places.splice(0)) place.remove();
});

/** What a step says of a machine with these files in its tree. */
function run(step: Step, files: string[]): ReturnType<Place["run"]> {
  const place = new Place();
  places.push(place);
  for (const file of ["etc/hostname", ...files]) {
    const path = place.at(`/var/lib/machines/web/${file}`);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, "");
  }
  return place.run([step]);
}

/** What waiting for such a machine ends with. */
async function waiting(...files: string[]): Promise<string> {
  const { failure } = await run({ verb: "await_ready", machine: "web", seconds: 1 }, files);
  return failure?.message ?? "";
}

/** What is said of a machine with these files whose service manager is to be asked again and again. */
async function watched(...files: string[]): Promise<string[]> {
  const { warnings } = await run({ verb: "asked_inside", machine: "web" }, files);
  return warnings;
}

asRoot("a machine without D-Bus", () => {
  it("is warned of where its health is asked of its service manager", async () => {
    expect(await watched("usr/bin/dbus-daemon")).toEqual([]);
    const [said, ...more] = await watched();
    expect(said).toMatch(/^health: the machine web has no D-Bus, .*each check fails: put the package dbus into/);
    expect(more).toEqual([]);
  });

  it("is told as that, with what to do", async () => {
    expect(await waiting()).toMatch(
      /the machine web has no D-Bus, .*package dbus into its image .*readyWhen: "started", which needs none \[NSPAWN_NOT_READY\]$/,
    );
  });

  it.each(["usr/bin/dbus-daemon", "usr/bin/dbus-broker-launch", "etc/systemd/system/dbus.service"])(
    "is not one with %s",
    async (file) => {
      expect(await waiting(file)).toMatch(/the machine web ended after its start|is "silent"/);
    },
  );
});
