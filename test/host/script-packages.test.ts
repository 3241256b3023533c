import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import type { Step } from "../../provider/plan/step";
import { Place, asRoot } from "../support/run-script";

jest.setTimeout(60_000);

/** A host with one package, whose apt-get(8) writes down what it is to remove. */
const packaged = [
  "mount -t tmpfs tmpfs /usr/local/sbin",
  "printf '#!/bin/sh\\necho \"installed ndppd\"\\n' >/usr/local/sbin/dpkg-query",
  "printf '#!/bin/sh\\n' >/usr/local/sbin/apt-mark",
  `printf '#!/bin/sh\\ncase " $* " in *" purge "*) echo "$*" >>/var/lib/removed ;; *) echo "Remv ndppd [1]" ;; esac\\n' >/usr/local/sbin/apt-get`,
  "chmod 0755 /usr/local/sbin/*",
];

const path = "/etc/systemd/network/10-a.network";
const broken: Step = { verb: "file", path: "/etc/systemd/network/last", mode: "0644", text: "no-such-text" };

asRoot("a package that is wanted no more (needs root: a mount namespace)", () => {
  let place: Place;
  beforeEach(() => (place = new Place({}, undefined, packaged)));
  afterEach(() => place.remove());

  const change = (packages: string[], last: Step[], text: string) => {
    const own = ["owner\tp/s/host/one", "urn\t-", `file\t${path}`, ...packages.map((name) => `package\t${name}`), ""];
    const steps: Step[] = [
      { verb: "own", key: "k1", owner: "p/s/host/one" },
      { verb: "lock" },
      { verb: "begin", key: "k1", former: "-", confirm: "no" },
      { verb: "claim", key: "k1", former: "-", adopt: "no", record: "record" },
      { verb: "file", path, mode: "0644", text: "text" },
      { verb: "prune" },
      ...last,
    ];
    return place.run(steps, { record: own.join("\n"), text });
  };
  const removed = (): string => {
    const list = place.at("/var/lib/removed");
    return existsSync(list) ? readFileSync(list, "utf8") : "";
  };

  it("goes once the change is committed, and not with one that is rolled back", async () => {
    expect((await change(["ndppd"], [{ verb: "commit" }], "with\n")).failure).toBeUndefined();
    const owned = place.at("/var/lib/pulumi-nspawn/owners/k1");
    mkdirSync(owned, { recursive: true });
    for (const list of ["installed", "asked"]) appendFileSync(`${owned}/${list}`, "ndppd\n");

    expect((await change([], [broken], "without\n")).rolledBack).toBe(true);
    expect([readFileSync(place.at(path), "utf8"), removed()]).toEqual(["with\n", ""]);

    expect((await change([], [{ verb: "commit" }], "without\n")).failure).toBeUndefined();
    expect(removed()).toMatch(/ purge ndppd$/m);
    expect(readFileSync(`${owned}/asked`, "utf8")).toBe("");
  });
});
