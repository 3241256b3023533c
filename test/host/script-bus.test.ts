import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { asRoot, Place } from "../support/run-script";

jest.setTimeout(60_000);

const places: Place[] = [];
afterEach(() => {
  for (const place of places.splice(0)) place.remove();
});

/** What waiting for a machine with these files in its tree ends with. */
async function waiting(...files: string[]): Promise<string> {
  const place = new Place();
  places.push(place);
  for (const file of ["etc/hostname", ...files]) {
    const path = place.at(`/var/lib/machines/web/${file}`);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, "");
  }
  const { failure } = await place.run([{ verb: "await_ready", machine: "web", seconds: 1 }]);
  return failure?.message ?? "";
}

asRoot("a machine without D-Bus", () => {
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
