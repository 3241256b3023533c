import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Step } from "../../provider/plan/step";
import { asRoot, Place } from "../support/run-script";

jest.setTimeout(60_000);

const places: Place[] = [];
afterEach(() => {
  for (const place of places.splice(0)) place.remove();
});

/** A host with a file of ours for `lo`, whose number is 1 everywhere, and what networkd says that it reads for it. */
function host(read: string, ours = "10-lo.network"): Place {
  const place = new Place();
  places.push(place);
  const files = {
    [`/etc/systemd/network/${ours}`]: "",
    "/run/systemd/netif/links/1": `ADMIN_STATE=configured\nNETWORK_FILE=${read}\n`,
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(place.at(path)), { recursive: true });
    writeFileSync(place.at(path), text);
  }
  return place;
}

const address: Step = { verb: "await_address", link: "lo", address: "192.0.2.77/32" };
const port: Step = { verb: "port", port: "lo", link: "br0", how: "isolated", mac: "02:00:00:00:00:01" };

asRoot("a file of networkd that is read instead of ours", () => {
  it.each<[string, Step, string]>([
    ["for an address", address, "/etc/systemd/network/05-wired.network"],
    ["for a machine's cable", port, "/etc/systemd/network/05-wired.network"],
    ["from another folder", port, "/run/systemd/network/10-all.network"],
  ])("is named, with advice: %s", async (_what, step, read) => {
    const { failure } = await host(read).run([step]);
    expect(failure?.message).toMatch(
      new RegExp(
        `systemd-networkd reads ${read} for lo instead of our 10-lo\\.network: .*Kind=!\\* beside Type=ether\\), or rename it to 90-.*\\[NSPAWN_OVERRIDDEN\\]$`,
      ),
    );
  });

  it("is named for an uplink that is a port, whose file sorts earlier", async () => {
    const { failure } = await host("/etc/systemd/network/00-all.network", "05-lo.network").run([port]);
    expect(failure?.message).toMatch(
      /reads \/etc\/systemd\/network\/00-all\.network for lo instead of our 05-lo\.network/,
    );
  });

  it.each([
    ["ours", "/etc/systemd/network/10-lo.network"],
    ["one that sorts behind it, until networkd knows ours", "/usr/lib/systemd/network/80-container-vb.network"],
    ["none", ""],
  ])("is none of these: %s", async (_what, read) => {
    const { failure } = await host(read).run([{ verb: "await_address", link: "lo", address: "127.0.0.1/8" }]);
    expect(failure).toBeUndefined();
  });
});
