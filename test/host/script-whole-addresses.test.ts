import { existsSync } from "node:fs";
import type { Step } from "../../provider/plan/step";
import { Place, asRoot } from "../support/run-script";

/** An ip(8) that shows where a packet would go, as much of it as given. */
const showing = (address: string): string[] => [
  "mount -t tmpfs tmpfs /usr/local/bin",
  `printf '#!/bin/sh\ncase $1 in -V) echo ip utility, iproute2-6.1.0 ;; -6) echo "${address} from :: via fe80::1 dev eth0" ;; esac\n' >/usr/local/bin/ip`,
  "chmod 755 /usr/local/bin/ip",
];

const changes: Step[] = [
  { verb: "own", key: "k1", owner: "p/s/bridge/br0" },
  { verb: "lock" },
  { verb: "begin", key: "k1", former: "-", confirm: "no" },
  { verb: "commit" },
];

asRoot("an ip(8) that cuts addresses off (needs root: a mount namespace)", () => {
  const places: Place[] = [];
  afterEach(() => places.splice(0).forEach((place) => place.remove()));
  const at = (address: string): Place => {
    const place = new Place({}, undefined, showing(address));
    places.push(place);
    return place;
  };

  test.each([
    ["a change", changes],
    ["a look at the host", [{ verb: "facts", key: "-" }] satisfies Step[]],
  ])("ends %s before anything is changed, with what is missing", async (_what, steps) => {
    const place = at("2001:db8:1111:1111:1111:1111:11");
    const { failure } = await place.run(steps);
    expect(failure).toMatchObject({ code: "NSPAWN_STEP_FAILED" });
    expect(failure?.message).toContain("iproute2-6.1.0, cuts IPv6 addresses off");
    expect(failure?.message).toContain("apt-get install iproute2");
    expect(existsSync(place.at("/var/lib/pulumi-nspawn"))).toBe(false);
  });

  test("and one that does not is none", async () => {
    expect((await at("2001:db8:1111:1111:1111:1111:1111:1111").run(changes)).failure).toBeUndefined();
  });
});
